namespace Kameleoon.Hybrid;

/// <summary>The custom data that links a visitor code to a person on the platform. It is sent again for each code after
/// 30 minutes, because the platform keeps the link for one visit.</summary>
/// <param name="data">The custom data.</param>
internal sealed class MappingLine(CustomData data)
{
    // A visit on the platform ends after this time without events.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private SmallMap<CodeKey, DateTimeOffset> _sent;

    internal CustomData Data => data;

    /// <summary>Whether it has to be sent for one of the person's codes. If so, it counts as sent.</summary>
    internal bool TryTake(string code, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_sent.Find(new(code)) is var last && last != default && now - last < Interval)
            {
                return false;
            }

            _sent = _sent.With(new(code), now);
            return true;
        }
    }

    /// <summary>Marks it as not sent for a code, because the event was dropped.</summary>
    internal void Return(string code)
    {
        lock (_gate)
        {
            _sent = _sent.Without(new(code));
        }
    }

    /// <summary>Whether the link has these values.</summary>
    internal bool Says(CustomData other) =>
        data.Index == other.Index && data.Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    private readonly record struct CodeKey(string Code);
}
