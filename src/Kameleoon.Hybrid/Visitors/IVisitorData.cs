namespace Kameleoon.Hybrid;

/// <summary>Data about a visitor, to add with <see cref="IKameleoonClient.AddData(IVisitorData[])"/>.</summary>
/// <remarks>Implemented by this library only. Sent to the platform: <see cref="CustomData"/>, <see cref="PageView"/>,
/// <see cref="Conversion"/>, <see cref="Browser"/>, <see cref="Device"/>, <see cref="VisitorOperatingSystem"/>,
/// <see cref="Geolocation"/>, and <see cref="UserAgent"/> with other data. Never sent: <see cref="CookieData"/>, <see
/// cref="ApplicationVersion"/> and <see cref="UniqueIdentifier"/>, which determines whether other events have
/// <c>visitorCode</c> or <c>mappingValue</c>.</remarks>
public interface IVisitorData
{
    /// <summary>The kind of the event that sends the data, or null for data that is not sent.</summary>
    internal TrackingEventKind? Kind => null;

    /// <summary>The estimated bytes of memory of its texts.</summary>
    internal int TextSize => 0;

    /// <summary>Whether it is longer than the platform accepts. The platform discards longer data without an
    /// error.</summary>
    internal bool IsTooLong => false;

    internal VisitorSnapshot AddTo(VisitorSnapshot known);

    /// <summary>Whether it replaces earlier data that was not sent yet.</summary>
    internal bool Replaces(IVisitorData earlier) => Kind == earlier.Kind;

    internal void WriteTo(LineWriter line) => throw new NotSupportedException("It is never sent.");
}
