using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>A goal that the visitor reached.</summary>
/// <remarks>Each conversion is sent once. The platform accepts metadata of at most 256 slots; a conversion with more is
/// not sent, and is counted as dropped.</remarks>
public sealed record Conversion : IVisitorData
{
    private const int MaxMetadata = 256;

    private readonly ValueArray<CustomData> _content;

    /// <summary>Creates a conversion.</summary>
    /// <param name="goalId">The goal's id on the platform, from 0.</param>
    /// <param name="revenue">The revenue in the site's currency. It is sent unchanged, with its sign.</param>
    /// <param name="negative">Whether the platform subtracts an earlier conversion of the goal, for example after a
    /// purchase was returned. The sign of the revenue is not changed.</param>
    /// <param name="metadata">Custom data of this conversion only. When a slot occurs twice, the first one is
    /// used.</param>
    /// <exception cref="ArgumentOutOfRangeException">The goal's id is negative.</exception>
    /// <exception cref="ArgumentNullException">An element of the metadata is null.</exception>
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

    /// <summary>Whether the platform subtracts an earlier conversion of the goal.</summary>
    public bool Negative { get; }

    /// <summary>Distinguishes the conversion from others of the same goal, for example an order number; or null. A
    /// conversion with an id is sent once in the visitor's session. 1 to 100 characters.</summary>
    /// <exception cref="ArgumentException">The id is empty or longer.</exception>
    public string? Id
    {
        get;
        init => field = value is null or { Length: > 0 and <= ConversionKey.MaxIdLength }
            ? value
            : throw new ArgumentException(
                $"The id of a conversion has 1 to {ConversionKey.MaxIdLength} characters; this one has {value.Length}.", nameof(value));
    }

    /// <summary>Custom data of this conversion only.</summary>
    public IReadOnlyList<CustomData> Metadata
    {
        get => Parts;
        private init => _content = new([.. value]);
    }

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.Conversion;

    /// <summary>The key by which a repeated conversion is recognised, or null for a conversion without id.</summary>
    internal ConversionKey? Key => Id is { } id ? new ConversionKey(GoalId, Negative, id) : null;

    int IVisitorData.TextSize => (sizeof(char) * (Id?.Length ?? 0)) + Parts.Sum(static part => ((IVisitorData)part).TextSize);

    bool IVisitorData.IsTooLong =>
        Parts.Length > MaxMetadata || Array.Exists(Parts, static part => ((IVisitorData)part).IsTooLong);

    internal Conversion With(IReadOnlyList<CustomData> metadata) => this with { Metadata = metadata };

    bool IVisitorData.Replaces(IVisitorData earlier) => false;

    // The time is set when the conversion is added, because conditions read when a goal was reached last.
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
