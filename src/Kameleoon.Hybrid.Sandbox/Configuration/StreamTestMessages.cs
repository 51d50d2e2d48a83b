namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Messages that a test sends over the event stream although the data file did not change.</summary>
internal sealed class StreamTestMessages
{
    /// <summary>The kinds of messages: a correct update, one with an earlier time, one for another site, and an
    /// incomplete one.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = ["update", "older", "foreign", "malformed"];

    private readonly Lock _gate = new();
    private readonly List<string> _sent = [];

    /// <summary>The number of messages sent so far.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _sent.Count;
            }
        }
    }

    /// <summary>Whether every new stream begins with an update.</summary>
    internal bool SendsUpdateOnConnect { get; set; }

    internal void Send(string kind)
    {
        lock (_gate)
        {
            _sent.Add(kind);
        }
    }

    /// <summary>The kinds of the messages after the first <paramref name="count"/>, in the order in which they were sent.</summary>
    internal IReadOnlyList<string> After(int count)
    {
        lock (_gate)
        {
            return _sent[count..];
        }
    }
}
