namespace Kameleoon.Hybrid;

/// <summary>How the servers of a farm share what is said of visitors.</summary>
public sealed class KameleoonSharedSessionOptions
{
    /// <summary>How long the store may take for an answer. A request waits for it when its visitor comes to the server
    /// first, and then goes on with what the server knows. Default 500 milliseconds; 10 milliseconds to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(500);
}
