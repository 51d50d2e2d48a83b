namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The clock of the sandbox, which a test can advance. Visits end and tokens expire by it.</summary>
internal sealed class SandboxClock(TimeProvider machine) : TimeProvider
{
    private long _offset;

    /// <summary>How far the clock is ahead of the machine's.</summary>
    internal TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offset));
        set => Interlocked.Exchange(ref _offset, value.Ticks);
    }

    /// <summary>Puts the clock forward from wherever it is.</summary>
    internal void Advance(TimeSpan time) => Interlocked.Add(ref _offset, time.Ticks);

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Offset;
}
