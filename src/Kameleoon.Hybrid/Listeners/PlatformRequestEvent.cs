namespace Kameleoon.Hybrid.Listeners;

/// <summary>A request to the platform was answered, or failed. Each attempt of a request that is retried is one event.</summary>
public sealed record PlatformRequestEvent : KameleoonEvent
{
    /// <summary>What the request is for.</summary>
    public required PlatformRequestKind Kind { get; init; }

    /// <summary>The status of the response, or null when none came.</summary>
    public required int? Status { get; init; }

    /// <summary>The time until the response's headers, or until the request failed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Why no response came, as in the tag <c>error.type</c> of the metrics; null with a response.
    /// <c>timeout</c> means that the attempt was cancelled: it took too long, or its caller stopped waiting.</summary>
    public string? ErrorType { get; init; }
}

/// <summary>What a request to the platform is for.</summary>
public enum PlatformRequestKind
{
    /// <summary>It reads the data file.</summary>
    Configuration,

    /// <summary>It opens the event stream that announces data files.</summary>
    Stream,

    /// <summary>It sends events.</summary>
    Tracking,

    /// <summary>It reads remote data or the history of a visitor.</summary>
    RemoteData,

    /// <summary>It gets an access token.</summary>
    AccessToken,
}
