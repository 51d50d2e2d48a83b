using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The visitor's location. Names are compared without regard to case. A location with a name of more than 100
/// characters is used for targeting but not sent.</summary>
/// <param name="Country">The country's English name. When it is empty, conditions on the location are false.</param>
/// <param name="Region">The region, or null when unknown.</param>
/// <param name="City">The city, or null when unknown.</param>
/// <param name="PostalCode">The postal code, or null when unknown.</param>
/// <param name="Latitude">Degrees north of the equator, -90 to 90, or null when unknown; given with the longitude.</param>
/// <param name="Longitude">Degrees east of Greenwich, -180 to 180, or null when unknown.</param>
public sealed record Geolocation(
    string Country,
    string? Region = null,
    string? City = null,
    string? PostalCode = null,
    double? Latitude = null,
    double? Longitude = null) : IVisitorData
{
    private const int MaxName = 100;

    /// <summary>The country's English name.</summary>
    public string Country { get; } = Country ?? throw new ArgumentNullException(nameof(Country));

    /// <summary>Degrees north of the equator, or null when unknown.</summary>
    public double? Latitude { get; } = Latitude is null == Longitude is null
        ? Within(Latitude, 90, nameof(Latitude))
        : throw new ArgumentException("Give latitude and longitude, or neither.", nameof(Latitude));

    /// <summary>Degrees east of Greenwich, or null when unknown.</summary>
    public double? Longitude { get; } = Within(Longitude, 180, nameof(Longitude));

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.Geolocation;

    int IVisitorData.TextSize => sizeof(char)
        * (Country.Length + (Region?.Length ?? 0) + (City?.Length ?? 0) + (PostalCode?.Length ?? 0));

    bool IVisitorData.IsTooLong =>
        Country.Length > MaxName || Region?.Length > MaxName || City?.Length > MaxName || PostalCode?.Length > MaxName;

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) =>
        known with { Location = new VisitorLocation(Country, Region, City) };

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=geolocation"u8);
        Write(line, "&country="u8, Country);
        Write(line, "&region="u8, Region);
        Write(line, "&city="u8, City);
        Write(line, "&postalCode="u8, PostalCode);
        if (Latitude is { } latitude && Longitude is { } longitude)
        {
            line.Text("&latitude="u8);
            line.Number((decimal)latitude);
            line.Text("&longitude="u8);
            line.Number((decimal)longitude);
        }
    }

    private static void Write(LineWriter line, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            line.Text(name);
            line.Encoded(value);
        }
    }

    private static double? Within(double? degrees, double most, string name) =>
        degrees is null || Math.Abs(degrees.Value) <= most
            ? degrees
            : throw new ArgumentOutOfRangeException(name, degrees, $"It is a number from -{most} to {most}.");
}
