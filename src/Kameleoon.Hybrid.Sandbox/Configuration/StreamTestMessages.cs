namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Messages that a test sends over the event stream although the data file did not change.</summary>
internal sealed class StreamTestMessages
{
    /// <summary>The kinds of messages: a correct update, one with an earlier time, one for another site, and an
    /// incomplete one.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = ["update", "older", "foreign", "malformed"];

    private readonly Lock _gate = new();
    private (long Number, string Kind) _last;

    /// <summary>The number of messages sent so far, and the kind of the last one.</summary>
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
