namespace Kameleoon.Hybrid;

/// <summary>Counts the comparisons of visitor codes during one hour. Safe for concurrent use.</summary>
/// <param name="started">When the hour began.</param>
internal sealed class IdentityWindow(DateTimeOffset started)
{
    private static readonly int CauseCount = Enum.GetValues<IdentityCause>().Length;
    private static readonly int RepairCount = Enum.GetValues<IdentityRepair>().Length;

    private readonly long[] _causes = new long[CauseCount];
    private readonly long[] _repairs = new long[RepairCount];
    private long _pages;
    private long _agreed;

    internal DateTimeOffset Started => started;

    /// <summary>How many pages compare the codes when their engine runs.</summary>
    internal long Pages => Volatile.Read(ref _pages);

    /// <summary>How many pages reported that the codes are equal.</summary>
    internal long Agreed => Volatile.Read(ref _agreed);

    internal void CountPage() => Interlocked.Increment(ref _pages);

    internal void CountAgreed() => Interlocked.Increment(ref _agreed);

    internal void Count(IdentityCause cause, IdentityRepair repair)
    {
        Interlocked.Increment(ref _causes[(int)cause]);
        Interlocked.Increment(ref _repairs[(int)repair]);
    }

    /// <summary>Returns how many pages reported a difference with a cause.</summary>
    internal long Read(IdentityCause cause) => Volatile.Read(ref _causes[(int)cause]);

    /// <summary>Returns how many differences were answered in a way.</summary>
    internal long Read(IdentityRepair repair) => Volatile.Read(ref _repairs[(int)repair]);
}
