namespace Kameleoon.Hybrid.Settings;

/// <summary>How the servers of a farm share the data of visitors.</summary>
public sealed class KameleoonSharedSessionOptions
{
    /// <summary>The timeout of the shared store. A request waits for the store when its visitor is new to this server.
    /// After the timeout it continues with the data this server has. Default 500 milliseconds; 10 milliseconds to 1
    /// minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(500);
}
