namespace Kameleoon.Hybrid;

/// <summary>Something the application knows about a visitor, for <see cref="IKameleoonClient.AddData"/>.</summary>
/// <remarks>Implemented by this library only: <see cref="CustomData"/>, <see cref="PageView"/>,
/// <see cref="Browser"/>, <see cref="Device"/>, <see cref="VisitorOperatingSystem"/>, <see cref="UserAgent"/>,
/// <see cref="Geolocation"/>, <see cref="CookieData"/>, <see cref="ApplicationVersion"/>.</remarks>
public interface IVisitorData
{
    internal VisitorSnapshot AddTo(VisitorSnapshot known);
}
