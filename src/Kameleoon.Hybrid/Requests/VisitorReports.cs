using System.Collections.Concurrent;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Reports the events of one client's visitor.</summary>
/// <remarks>A code that was generated for the request may end up in no cookie and no page. Its events wait until the
/// response is complete, and are dropped if the browser did not get the code.</remarks>
internal sealed class VisitorReports(string visitorCode, VisitorServices services, IRequestVisitor? visitor)
{
    // A response that never ends would collect events without limit.
    private const int MaxWaiting = 1000;

    // Created when needed: few requests need it.
    private ConcurrentQueue<(TrackingEvent Event, DataFile? DataFile)>? _waiting;
    private bool _releasesHeld;

    private bool MustWait => visitor?.Request is { Source: VisitorCodeSource.Generated, IsOver: false, HasPage: true };

    // Only the server knows the code. A web socket's handshake is the last response that could have set the cookie.
    private bool IsUnshared => visitor?.Request is { Source: VisitorCodeSource.Generated } request
        && (request.IsOver ? !request.WasShared : !request.HasPage && !visitor.IsSharedNow);

    /// <summary>What gives the events their nonces while a request with an idempotency key is applied, or null.</summary>
    internal RequestNonces? Nonces { get; set; }

    /// <summary>Reports an event now, or once it is known that the browser has the code.</summary>
    internal void Report(in TrackingEvent added, DataFile? dataFile)
    {
        var reported = Nonces?.Number(added) ?? added;
        if (MustWait)
        {
            var waiting = LazyInitializer.EnsureInitialized(ref _waiting);
            if (waiting.Count >= MaxWaiting)
            {
                services.Consent.Drop(reported, "overflow");
                return;
            }

            waiting.Enqueue((reported, dataFile));
            if (!MustWait)
            {
                // The response was completed meanwhile, so nothing else would report the event.
                Complete(visitor!.Request.WasShared, dataFile);
            }

            return;
        }

        if (IsUnshared)
        {
            Drop(reported);
            return;
        }

        services.Consent.Report(reported, dataFile);
    }

    /// <summary>Holds an event until the visitor's next tracked action.</summary>
    internal void Hold(in TrackingEvent held, DataFile? dataFile)
    {
        if (IsUnshared)
        {
            services.Drop("unshared");
        }
        else
        {
            services.Consent.Hold(Nonces?.Number(held) ?? held, dataFile);
        }
    }

    /// <summary>Holds the visitor's mapping identifier until the visitor's next tracked action.</summary>
    internal void Hold(MappingLine mapping, in EventOrigin origin)
    {
        if (IsUnshared)
        {
            services.Drop("unshared");
        }
        else
        {
            mapping.Await(origin, services.Clock);
        }
    }

    /// <summary>Reports the events that were held for a tracked action.</summary>
    internal void ReleaseHeld(DataFile? dataFile)
    {
        if (MustWait)
        {
            _releasesHeld = true;
            if (!MustWait)
            {
                // The response was completed meanwhile, so nothing else would report the event.
                Complete(visitor!.Request.WasShared, dataFile);
            }
        }
        else
        {
            services.Consent.Release(visitorCode, dataFile);
        }
    }

    /// <summary>Reports the waiting events, or drops them if only the server knows the code.</summary>
    internal void Complete(bool isShared, DataFile? dataFile)
    {
        var isUnshared = !isShared && visitor?.Request is { Source: VisitorCodeSource.Generated };
        if (isUnshared)
        {
            for (var held = services.Consent.Discard(visitorCode); held > 0; held--)
            {
                services.Drop("unshared");
            }
        }
        else if (_releasesHeld)
        {
            services.Consent.Release(visitorCode, dataFile);
        }

        _releasesHeld = false;
        while (_waiting is { } queue && queue.TryDequeue(out var waiting))
        {
            if (isUnshared)
            {
                Drop(waiting.Event);
            }
            else
            {
                services.Consent.Report(waiting.Event, waiting.DataFile);
            }
        }
    }

    private void Drop(in TrackingEvent dropped)
    {
        // An activity event of a code that only the server knows does not count as lost.
        if (dropped.Kind != TrackingEventKind.Activity)
        {
            services.Drop("unshared");
        }
    }
}
