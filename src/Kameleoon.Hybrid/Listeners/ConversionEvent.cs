namespace Kameleoon.Hybrid.Listeners;

/// <summary>A conversion was queued for the platform.</summary>
public sealed record ConversionEvent : KameleoonEvent
{
    /// <summary>The visitor's code. It is personal data.</summary>
    public required string VisitorCode { get; init; }

    /// <summary>The goal's id on the platform.</summary>
    public required int GoalId { get; init; }

    /// <summary>The revenue in the site's currency.</summary>
    public required decimal Revenue { get; init; }

    /// <summary>Whether the platform subtracts an earlier conversion of the goal.</summary>
    public required bool Negative { get; init; }

    /// <summary>What distinguishes the conversion from others of the same goal, for example an order number; or null.</summary>
    public string? Id { get; init; }

    /// <summary>The custom data of the conversion: the values of each slot by the slot's index.</summary>
    public required IReadOnlyDictionary<int, IReadOnlyList<string>> Metadata { get; init; }
}
