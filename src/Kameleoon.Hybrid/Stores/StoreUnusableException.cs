namespace Kameleoon.Hybrid.Stores;

/// <summary>A store cannot be used until it is repaired: its disk is full, it is read-only, or it is damaged.</summary>
/// <remarks>Thrown by implementations of the interfaces in this namespace. It is never taken for a failure of one call only:
/// the health check is unhealthy at once, and requests do not write to the store for two seconds after each failure.</remarks>
#pragma warning disable CA1032 // Without a cause and a remedy the exception would help no reader of the log.
public sealed class StoreUnusableException : Exception
#pragma warning restore CA1032
{
    /// <param name="message">What is unusable, why, and the remedy. It appears in the log and in the health check.</param>
    /// <param name="innerException">The failure.</param>
    public StoreUnusableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
