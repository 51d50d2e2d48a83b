using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Validates the events that applications send, and applies them to the visitor.</summary>
/// <remarks>A caller can send events of its own visitor only. Custom data must be declared in the data file and within the
/// platform's lengths. Goal ids are not checked, because the data file does not list them.</remarks>
internal static class AppEvents
{
    private const decimal MaxRevenue = 1_000_000_000_000;
    private const int MaxValues = 100;
    private const int MaxText = 2048;
    private const int MaxTitle = 256;

    /// <summary>Returns the error of an event, or null.</summary>
    internal static string? Check(AppEvent? happened) => happened switch
    {
        { Type: "conversion", GoalId: null or < 0 } => "A conversion needs a goalId of 0 or more.",
        { Type: "conversion", Revenue: < -MaxRevenue or > MaxRevenue } => "No revenue is that large.",
        { Type: "conversion", Id: { Length: 0 or > ConversionKey.MaxIdLength } } =>
            $"The id of a conversion has 1 to {ConversionKey.MaxIdLength} characters.",
        { Type: "customData", Index: null, Name: null or "" } => "Custom data needs an index or a name.",
        { Type: "customData", Index: < 0 } => "An index of custom data is 0 or more.",
        { Type: "customData", Values: null or { Count: > MaxValues } } => $"Custom data needs up to {MaxValues} values.",
        { Type: "customData", Values: { } values } when values.Any(static value => value is not { Length: <= MaxText }) =>
            $"A value of custom data is a text of up to {MaxText} characters.",
        { Type: "pageView", Address: not { Length: > 0 and <= MaxText } } =>
            $"A page view needs an address of up to {MaxText} characters.",
        { Type: "exposure", Key: not { Length: > 0 and <= DecisionsEndpoints.MaxKeyLength } } =>
            $"An exposure needs the key of its flag, up to {DecisionsEndpoints.MaxKeyLength} characters.",
        { Type: "conversion" or "customData" or "pageView" or "exposure" } => null,
        _ => "The type is conversion, customData, pageView or exposure.",
    };

    /// <summary>Returns the error of an event that the data file does not declare, or null.</summary>
    internal static string? Check(AppEvent happened, DataFile dataFile)
    {
        if (happened is not { Type: "customData" })
        {
            return null;
        }

        var slot = happened.Index is { } index
            ? dataFile.CustomData.FirstOrDefault(declared => declared.Index == index)
            : dataFile.FindCustomData(happened.Name!);
        return slot is null ? "The site does not declare this custom data."

            // Its value merges two visitors, which only the server may do.
            : slot.Index == dataFile.MappingIndex ? "This custom data identifies a person. The server fills it."
            : null;
    }

    /// <param name="events">The events.</param>
    /// <param name="client">The client of the visitor.</param>
    /// <param name="nonces">What gives the events their nonces, or null.</param>
    /// <param name="flushes">Whether to flush. False when the caller flushes and awaits the outbox itself.</param>
    internal static void Apply(
        IReadOnlyList<AppEvent> events, IKameleoonClient client, RequestNonces? nonces, bool flushes)
    {
        for (var place = 0; place < events.Count; place++)
        {
            _ = nonces?.Place = place;
            Apply(events[place], client);
        }

        _ = nonces?.Place = -1;

        // Data waits for a tracked action, and an application may have none.
        if (flushes)
        {
            client.Flush();
        }
    }

    private static void Apply(AppEvent happened, IKameleoonClient client)
    {
        switch (happened.Type)
        {
            case "conversion" when happened.Id is { } id:
                client.TrackConversion(happened.GoalId!.Value, id, happened.Revenue ?? 0);
                break;
            case "conversion":
                client.TrackConversion(happened.GoalId!.Value, happened.Revenue ?? 0);
                break;
            case "customData":
                client.AddData(happened.Index is { } index
                    ? new CustomData(index, [.. happened.Values!])
                    : new CustomData(happened.Name!, [.. happened.Values!]));
                break;
            case "pageView":
                client.AddData(new PageView(happened.Address!, Cut(happened.Title)));
                break;
            case "exposure" when client.GetDataFile()?.FindFlag(happened.Key!) is not null:
                client.GetVariation(happened.Key!);
                break;
        }
    }

    // Not in the middle of a pair of surrogates.
    private static string? Cut(string? title) => title is { Length: > MaxTitle }
        ? title[..(char.IsHighSurrogate(title[MaxTitle - 1]) ? MaxTitle - 1 : MaxTitle)]
        : title;
}
