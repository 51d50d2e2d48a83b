using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>The visitor reached a goal.</summary>
/// <remarks>Each is sent once. The platform takes metadata of up to 256 slots; a longer one is not sent, and counted as
/// dropped.</remarks>
public sealed record Conversion : IVisitorData
{
    private const int MaxMetadata = 256;

    private readonly ValueArray<CustomData> _content;

    /// <summary>Makes a conversion.</summary>
    /// <param name="goalId">The goal's id on the platform, from 0.</param>
    /// <param name="revenue">The revenue in the site's currency; sent as it is, its sign included.</param>
    /// <param name="negative">Whether the platform takes an earlier conversion of that goal away again, for instance
    /// after a purchase was returned. The revenue's sign does not follow from it.</param>
    /// <param name="metadata">What is known of this conversion only. The first of two for one slot counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The goal's id is negative.</exception>
    /// <exception cref="ArgumentNullException">A part of the metadata is null.</exception>
    public Conversion(int goalId, decimal revenue = 0, bool negative = false, params ReadOnlySpan<CustomData> metadata)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(goalId);
        foreach (var part in metadata)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(metadata));
        }

        (GoalId, Revenue, Negative, _content) = (goalId, revenue, negative, new(metadata.ToArray()));
    }

    private CustomData[] Parts => _content.Items!;

    /// <summary>The goal's id on the platform.</summary>
    public int GoalId { get; }

    /// <summary>The revenue in the site's currency.</summary>
    public decimal Revenue { get; }

    /// <summary>Whether it takes an earlier conversion away.</summary>
    public bool Negative { get; }

    /// <summary>What distinguishes it from other conversions of the goal, such as the number of an order; or null. A
    /// conversion with an id is sent once in the visitor's session.</summary>
    public string? Id { get; init; }

    /// <summary>What is known of this conversion only.</summary>
    public IReadOnlyList<CustomData> Metadata
    {
        get => Parts;
        private init => _content = new([.. value]);
    }

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.Conversion;

    /// <summary>What makes two conversions the same, or null.</summary>
    internal ConversionKey? Key => Id is { } id ? new ConversionKey(GoalId, Negative, id) : null;

    int IVisitorData.TextSize => (sizeof(char) * (Id?.Length ?? 0)) + Parts.Sum(static part => ((IVisitorData)part).TextSize);

    bool IVisitorData.IsTooLong =>
        Parts.Length > MaxMetadata || Array.Exists(Parts, static part => ((IVisitorData)part).IsTooLong);

    internal Conversion With(IReadOnlyList<CustomData> metadata) => this with { Metadata = metadata };

    bool IVisitorData.Replaces(IVisitorData earlier) => false;

    // Conditions ask when a goal was reached last; the clock is the visitor's, who is told beside.
    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known;

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=conversion&goalId="u8);
        line.Number(GoalId);
        line.Text("&revenue="u8);
        line.Number(Revenue);
        line.Text("&negative="u8);
        line.Boolean(Negative);
        if (Parts.Length > 0)
        {
            line.Text("&metadata="u8);
            line.Json(Parts, static (json, metadata) =>
            {
                json.WriteStartObject();
                foreach (var part in metadata)
                {
                    json.WritePropertyName(part.Index!.Value.ToString(CultureInfo.InvariantCulture));
                    part.WriteTo(json);
                }

                json.WriteEndObject();
            });
        }
    }
}
