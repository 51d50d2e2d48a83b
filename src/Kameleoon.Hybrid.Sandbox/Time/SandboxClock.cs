namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The clock of the sandbox, which a test can advance. Visits end and tokens expire by it.</summary>
internal sealed class SandboxClock(TimeProvider machine) : TimeProvider
{
    // Visits, tokens and maps are dated some time before and after now; their dates have to exist too.
    private static readonly TimeSpan MaxOffset = TimeSpan.FromDays(100 * 365);

    private long _offset;

    /// <summary>What to say of an advance that is not possible.</summary>
    internal static string Limit => "The clock can be 100 years ahead of the machine's or behind it at most.";

    /// <summary>How far the clock is ahead of the machine's.</summary>
    internal TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offset));
        set => Interlocked.Exchange(ref _offset, value.Ticks);
    }

    /// <summary>Puts the clock forward from wherever it is.</summary>
    /// <returns>False when it would be too far from the machine's; the clock then stays as it is.</returns>
    internal bool TryAdvance(TimeSpan time)
    {
        while (true)
        {
            var before = Interlocked.Read(ref _offset);
            var after = (Int128)before + time.Ticks;
            if (Int128.Abs(after) > MaxOffset.Ticks)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _offset, (long)after, before) == before)
            {
                return true;
            }
        }
    }

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Offset;
}
