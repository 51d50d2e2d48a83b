using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Counts how often the engine of a page uses another visitor code than the server, and why. Registered by
/// <c>AddKameleoonTrust</c>; nothing is compared without it.</summary>
/// <remarks>Counts are of the last one to two hours, so a mended site becomes healthy again. Safe for concurrent use.</remarks>
internal sealed class IdentityComparisons(TimeProvider clock, IdentityMetrics metrics, ILogger<IdentityComparisons> logger)
{
    private static readonly TimeSpan WindowLength = TimeSpan.FromHours(1);

    private readonly Lock _rotating = new();
    private readonly LogOnce _problems = new();
    private IdentityWindow _current = new(clock.GetUtcNow());
    private IdentityWindow? _former;

    /// <summary>Counts a page that compares the codes when its engine runs.</summary>
    internal void CountPage() => Volatile.Read(ref _current).CountPage();

    /// <summary>Counts a page whose engine uses the server's code.</summary>
    internal void CountAgreed()
    {
        Volatile.Read(ref _current).CountAgreed();
        metrics.Agreed();
    }

    /// <summary>Counts a page whose engine uses another code.</summary>
    internal void Count(IdentityCause cause, IdentityRepair repair)
    {
        Volatile.Read(ref _current).Count(cause, repair);
        metrics.Differed(IdentityReport.NameOf(cause), IdentityReport.NameOf(repair));
    }

    /// <summary>Reports the counts, and logs a problem the first time that it has a cause.</summary>
    internal IdentityReport Look()
    {
        var report = IdentityReport.Of(Rotate());
        if (report is { Problem: { } problem, MainCause: { } cause } && _problems.IsFirst(cause))
        {
            logger.VisitorCodesDiffer(problem);
        }

        return report;
    }

    private IdentityWindow[] Rotate()
    {
        lock (_rotating)
        {
            var now = clock.GetUtcNow();
            var age = now - _current.Started;
            if (age >= WindowLength || age < TimeSpan.Zero) // The system's clock may be set back.
            {
                _former = age >= 2 * WindowLength ? null : _current;
                Volatile.Write(ref _current, new IdentityWindow(now));
            }

            return _former is null ? [_current] : [_former, _current];
        }
    }
}
