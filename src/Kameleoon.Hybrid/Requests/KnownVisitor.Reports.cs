using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

// What the server reports of the visitor.
internal abstract partial class KnownVisitor
{
    // They are put together on the stack, some kilobytes of it.
    private const int MaxTogether = 64;

    /// <summary>Reports an exposure by the server, unless the visitor refused consent or it was reported before.</summary>
    /// <param name="exposure">The exposure.</param>
    /// <param name="outcome">What became of the response.</param>
    /// <param name="dataFile">The data file of the decision.</param>
    /// <param name="session">The visitor's session if the caller has it.</param>
    internal void Report(in Exposure exposure, ResponseOutcome outcome, DataFile? dataFile, VisitorSession? session = null)
    {
        var visitors = services.Visitors;
        if (visitors.Consent.IsRefused(code, exposure, dataFile))
        {
            visitors.Drop("consent");
        }
        else if (!visitors.Exposures.TryMarkReported(session ??= Session, exposure))
        {
            visitors.Drop("repeated");
        }
        else
        {
            visitors.Exposures.Reported(code, exposure, outcome);
            Reports.Report(TrackingEvent.Exposure(OriginOf(session), exposure), dataFile);
        }
    }

    /// <summary>Reports the exposures of all decisions of a client outside of requests, as <see cref="Report"/> does for each.
    /// </summary>
    private protected void ReportAll(FlagDecisions all, DataFile dataFile, VisitorSession session)
    {
        if (dataFile.ConsentRequired || Volatile.Read(ref _reports) is { Nonces: not null })
        {
            foreach (var exposure in new ExposureSequence(all))
            {
                Report(exposure, ResponseOutcome.None, dataFile, session);
            }

            return;
        }

        Span<Exposure> together = stackalloc Exposure[MaxTogether];
        var count = 0;
        foreach (var exposure in new ExposureSequence(all))
        {
            if (!services.Visitors.Exposures.TryMarkReported(session, exposure))
            {
                services.Visitors.Drop("repeated");
                continue;
            }

            together[count++] = exposure;
            if (count == MaxTogether)
            {
                ReportTogether(together, session);
                count = 0;
            }
        }

        ReportTogether(together[..count], session);
    }

    /// <summary>Reports that the visitor is active.</summary>
    internal void ReportActivity(DataFile? dataFile) => Reports.Report(TrackingEvent.Activity(Origin), dataFile);

    /// <summary>Reports or drops the events that waited for the response, once it is known whether the code is shared.
    /// </summary>
    private protected void CompleteReports(bool isShared, DataFile? dataFile)
    {
        if (Volatile.Read(ref _reports) is not null || request is { Request.Source: VisitorCodeSource.Generated })
        {
            Reports.Complete(isShared, dataFile);
        }
    }

    private void ReportTogether(ReadOnlySpan<Exposure> exposures, VisitorSession session)
    {
        if (!exposures.IsEmpty)
        {
            services.Visitors.Exposures.Reported(code, exposures, ResponseOutcome.None);
            services.Visitors.Consent.ReportAll(OriginOf(session), exposures);
        }
    }

    private EventOrigin OriginOf(VisitorSession? session) => EventOrigin.Of(code, session, request?.Request.UserAgent);
}
