namespace Kameleoon.Hybrid;

/// <summary>What each kind of event needs, and does.</summary>
internal static class AppEvents
{
    private const decimal MaxRevenue = 1_000_000_000_000;
    private const int MaxValues = 100;

    /// <summary>What is wrong with an event, or null.</summary>
    internal static string? Check(AppEvent? happened) => happened switch
    {
        { Type: "conversion", GoalId: null or < 0 } => "A conversion needs a goalId of 0 or more.",
        { Type: "conversion", Revenue: < -MaxRevenue or > MaxRevenue } => "No revenue is that large.",
        { Type: "customData", Index: null, Name: null or "" } => "Custom data needs an index or a name.",
        { Type: "customData", Index: < 0 } => "An index of custom data is 0 or more.",
        { Type: "customData", Values: null or { Count: > MaxValues } } => $"Custom data needs up to {MaxValues} values.",
        { Type: "customData", Values: { } values } when values.Any(static value => value is null) => "A value of custom data is a text.",
        { Type: "pageView", Address: null or "" } => "A page view needs an address.",
        { Type: "exposure", Key: null or "" } => "An exposure needs the key of its flag.",
        { Type: "conversion" or "customData" or "pageView" or "exposure" } => null,
        _ => "The type is conversion, customData, pageView or exposure.",
    };

    internal static void Apply(IEnumerable<AppEvent> events, IKameleoonClient client)
    {
        foreach (var happened in events)
        {
            Apply(happened, client);
        }

        // Data waits for a deed that is tracked, and an application may have none.
        client.Flush();
    }

    private static void Apply(AppEvent happened, IKameleoonClient client)
    {
        switch (happened.Type)
        {
            case "conversion":
                client.TrackConversion(happened.GoalId!.Value, happened.Revenue ?? 0);
                break;
            case "customData":
                client.AddData(happened.Index is { } index
                    ? new CustomData(index, [.. happened.Values!])
                    : new CustomData(happened.Name!, [.. happened.Values!]));
                break;
            case "pageView":
                client.AddData(new PageView(happened.Address!, happened.Title));
                break;
            default:
                client.GetVariation(happened.Key!);
                break;
        }
    }
}
