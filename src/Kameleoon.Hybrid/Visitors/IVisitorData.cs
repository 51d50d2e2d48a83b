namespace Kameleoon.Hybrid;

/// <summary>Something the application knows about a visitor, for
/// <see cref="IKameleoonClient.AddData(IVisitorData[])"/>.</summary>
/// <remarks>Implemented by this library only. Sent to the platform: <see cref="CustomData"/>, <see cref="PageView"/>,
/// <see cref="Conversion"/>, <see cref="Browser"/>, <see cref="Device"/>, <see cref="VisitorOperatingSystem"/>,
/// <see cref="Geolocation"/>, and <see cref="UserAgent"/> with other data. Never sent: <see cref="CookieData"/>,
/// <see cref="ApplicationVersion"/>, <see cref="UniqueIdentifier"/>, which tells how the visitor is called.</remarks>
public interface IVisitorData
{
    /// <summary>What its line says, or null for data of which the platform is not told.</summary>
    internal TrackingEventKind? Kind => null;

    /// <summary>About how many bytes of memory its texts take.</summary>
    internal int TextSize => 0;

    /// <summary>Whether it is longer than the platform takes: it would be lost there without a word.</summary>
    internal bool IsTooLong => false;

    internal VisitorSnapshot AddTo(VisitorSnapshot known);

    /// <summary>Whether the platform need not hear of earlier data that it was not told yet.</summary>
    internal bool Replaces(IVisitorData earlier) => Kind == earlier.Kind;

    internal void WriteTo(LineWriter line) => throw new NotSupportedException("It is never sent.");
}
