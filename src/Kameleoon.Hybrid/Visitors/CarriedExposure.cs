namespace Kameleoon.Hybrid;

/// <summary>An exposure of a redirect, which waits in the visitor's session for the next page.</summary>
/// <remarks>The next page, its time limit, the end of the session and the application's stop compete for it. The first
/// one reports it.</remarks>
/// <param name="origin">The visitor.</param>
/// <param name="exposure">The exposure.</param>
/// <param name="due">The timestamp from which the server reports it.</param>
/// <param name="isAhead">Whether the redirect was fetched ahead. Only a page that is fetched ahead takes it then, and the
/// server does not report it.</param>
internal sealed class CarriedExposure(EventOrigin origin, Exposure exposure, long due, bool isAhead = false)
{
    private bool _isTaken;

    /// <summary>Whether another server carries it, and reports it if no page takes it in time.</summary>
    internal bool IsElsewhere => due == long.MaxValue;

    /// <summary>Whether the redirect was fetched ahead, so that only the page behind it may be shown.</summary>
    internal bool IsAhead => isAhead;

    internal EventOrigin Origin => origin;

    internal Exposure Exposure => exposure;

    internal long Due => due;

    internal bool IsTaken => Volatile.Read(ref _isTaken);

    /// <summary>Takes the exposure, to report it.</summary>
    /// <returns>False if another caller took it before.</returns>
    internal bool TryTake() => !Interlocked.Exchange(ref _isTaken, true);

    /// <summary>Returns an exposure that another server carries.</summary>
    internal static CarriedExposure Elsewhere(string visitorCode, in Exposure exposure, bool isAhead) =>
        new(new EventOrigin(visitorCode), exposure, long.MaxValue, isAhead);

    internal TrackingEvent ToEvent() => TrackingEvent.Exposure(origin, exposure);
}
