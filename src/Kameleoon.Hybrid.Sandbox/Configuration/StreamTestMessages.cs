namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What a test lets the event stream say beside the truth.</summary>
internal sealed class StreamTestMessages
{
    /// <summary>What can be said: the update as it is, with an earlier time, for another site, or broken off.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = ["update", "older", "foreign", "malformed"];

    private readonly Lock _gate = new();
    private (long Number, string Kind) _last;

    /// <summary>How often something was said, and what last.</summary>
    internal (long Number, string Kind) Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Whether every new stream begins with an update.</summary>
    internal bool SendsUpdateOnConnect { get; set; }

    internal void Send(string kind)
    {
        lock (_gate)
        {
            _last = (_last.Number + 1, kind);
        }
    }
}
