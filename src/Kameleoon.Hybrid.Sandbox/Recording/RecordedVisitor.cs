namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One visitor the sandbox has seen.</summary>
internal sealed class RecordedVisitor(string code, DateTimeOffset firstSeen)
{
    private readonly Dictionary<ExposureCount, Senders> _exposures = [];

    internal string Code { get; } = code;

    internal DateTimeOffset FirstSeen { get; } = firstSeen;

    internal DateTimeOffset LastSeen { get; set; } = firstSeen;

    internal int PageViews { get; set; }

    /// <summary>Notes who reported an exposure, and returns who had reported it before.</summary>
    internal Senders Report(ExposureCount exposure, Senders sender)
    {
        var before = _exposures.GetValueOrDefault(exposure);
        _exposures[exposure] = before | sender;
        return before;
    }
}

/// <summary>The senders that reported the same thing.</summary>
[Flags]
internal enum Senders
{
    /// <summary>Nobody yet.</summary>
    None = 0,

    /// <summary>A server-side SDK.</summary>
    Server = 1,

    /// <summary>The browser engine.</summary>
    Engine = 2,
}
