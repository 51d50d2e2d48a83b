using System.Collections.Concurrent;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What one client reports of its visitor.</summary>
/// <remarks>A code that was made up for this very request may end up in no cookie and no page. What is reported under it
/// waits until the response is complete, and is dropped if nobody got to know the code.</remarks>
internal sealed class VisitorReports(string visitorCode, KameleoonClientServices services, RequestVisitor? request)
{
    // A response without an end would collect for as long.
    private const int MaxWaiting = 1000;

    // Few requests need it, and it is not small.
    private ConcurrentQueue<(TrackingEvent Event, DataFile? DataFile)>? _waiting;
    private bool _releasesHeld;

    private bool MustWait => request is { Source: VisitorCodeSource.Generated, IsOver: false, HasPage: true };

    // What a socket's handshake did not tell the browser nothing tells it.
    private bool IsNobodys => request is { Source: VisitorCodeSource.Generated }
        && (request.IsOver ? !request.WasShared : request is { HasPage: false, IsSharedNow: false });

    /// <summary>Reports an event now, or when it is known that the visitor is somebody.</summary>
    internal void Report(in TrackingEvent reported, DataFile? dataFile)
    {
        if (MustWait)
        {
            var waiting = LazyInitializer.EnsureInitialized(ref _waiting);
            if (waiting.Count >= MaxWaiting)
            {
                services.Visitors.Peek(visitorCode)?.Record.Unreport(reported);
                services.Drop("overflow");
                return;
            }

            waiting.Enqueue((reported, dataFile));
            if (!MustWait)
            {
                // The response was completed just then, and nobody would look again.
                Settle(request!.WasShared, dataFile);
            }

            return;
        }

        if (IsNobodys)
        {
            Drop(reported);
            return;
        }

        services.Consent.Report(reported, dataFile);
    }

    /// <summary>Keeps an event until the visitor does something that is tracked.</summary>
    internal void Hold(in TrackingEvent held, DataFile? dataFile)
    {
        if (IsNobodys)
        {
            services.Drop("unshared");
        }
        else
        {
            services.Consent.Hold(held, dataFile);
        }
    }

    /// <summary>Reports what was added and waits for a tracked deed.</summary>
    internal void ReleaseHeld(DataFile? dataFile)
    {
        if (MustWait)
        {
            _releasesHeld = true;
            if (!MustWait)
            {
                // The response was completed just then, and nobody would look again.
                Settle(request!.WasShared, dataFile);
            }
        }
        else
        {
            services.Consent.Release(visitorCode, dataFile);
        }
    }

    /// <summary>It is known whether anybody has the visitor's code.</summary>
    internal void Settle(bool isShared, DataFile? dataFile)
    {
        var isNobodys = !isShared && request is { Source: VisitorCodeSource.Generated };
        if (isNobodys)
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
            if (isNobodys)
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
        // That somebody is there of whom nobody will hear again is no loss.
        if (dropped.Kind != TrackingEventKind.Activity)
        {
            services.Drop("unshared");
        }
    }
}
