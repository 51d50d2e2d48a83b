using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Where the visitor is; names are compared without regard to case.</summary>
/// <param name="Country">The country's English name; with an empty one no condition on places holds.</param>
/// <param name="Region">The region, or null when unknown.</param>
/// <param name="City">The city, or null when unknown.</param>
public sealed record Geolocation(string Country, string? Region = null, string? City = null) : IVisitorData
{
    /// <summary>The country's English name.</summary>
    public string Country { get; } = Country ?? throw new ArgumentNullException(nameof(Country));

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) =>
        known with { Location = new VisitorLocation(Country, Region, City) };
}
