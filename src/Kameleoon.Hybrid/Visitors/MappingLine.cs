namespace Kameleoon.Hybrid;

/// <summary>The custom data that tells the platform which codes are one person. It is sent again now and then, since the
/// platform forgets the link with the visit.</summary>
/// <param name="data">The custom data.</param>
internal sealed class MappingLine(CustomData data)
{
    // As long as a visit lasts on the platform without a sign of life.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private SmallMap<CodeKey, DateTimeOffset> _sent;

    internal CustomData Data => data;

    /// <summary>Whether it is time to send it for one of the person's codes; then it counts as sent.</summary>
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

    /// <summary>It was not sent for a code after all.</summary>
    internal void Return(string code)
    {
        lock (_gate)
        {
            _sent = _sent.Without(new(code));
        }
    }

    /// <summary>Whether the line says that.</summary>
    internal bool Says(CustomData other) =>
        data.Index == other.Index && data.Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    private readonly record struct CodeKey(string Code);
}
