namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>The clock of a server that is off, and runs as others do.</summary>
internal sealed class WrongClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
