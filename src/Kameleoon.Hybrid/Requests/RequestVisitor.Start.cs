using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

// What happens when the response starts: it stays private, and what can have no tag is reported.
internal sealed partial class RequestVisitor
{
    private bool _watchesStart;
    private bool _watchesEnd;

    /// <summary>Is told when the response starts, if it has not started.</summary>
    /// <remarks>One callback for client and privacy.</remarks>
    internal void WatchStart(HttpResponse current)
    {
        if (_watchesStart)
        {
            return;
        }

        _watchesStart = true;
        current.OnStarting(
            static state =>
            {
                ((RequestVisitor)state).Start();
                return Task.CompletedTask;
            },
            this);
    }

    private void WatchResponse(HttpResponse current)
    {
        UnstartedResponse.TryChange(current, this, static (response, visitor) => visitor.WatchStart(response));
        current.OnCompleted(
            static state =>
            {
                ((RequestVisitor)state).Complete();
                return Task.CompletedTask;
            },
            this);
    }

    // A web socket, a stream or JSON: no tag can follow, and the end of the response may be far or never come. A browser may
    // request the next page as soon as it has the headers of a redirect.
    private void Start()
    {
        // Other callbacks may decide flags. They come after this one.
        _watchesStart = false;
        if (Volatile.Read(ref _privacy) is { IsPrivate: true } privacy)
        {
            privacy.StayPrivate();
            WatchEnd();
        }

        if (Volatile.Read(ref _client) is not { } client)
        {
            return;
        }

        // The status-code middleware removes its feature when the error page is done.
        NoticeErrorPage();
        if (Context is { } current && ResponseOutcomes.HasNoPage(current))
        {
            HasNoPage = true;
            var disposition = DispositionFor(OutcomeOf(current));
            LogDiscarded(disposition);
            client.Complete(disposition, IsSharedNow);
        }
    }

    // A response without a body starts after the application is done with it, and without a client nothing else is called then.
    private void WatchEnd()
    {
        if (_watchesEnd || host is not null || Volatile.Read(ref _client) is not null || Context is not { } current)
        {
            return;
        }

        _watchesEnd = true;
        current.Response.OnCompleted(
            static state =>
            {
                var visitor = (RequestVisitor)state;
                if (Volatile.Read(ref visitor._client) is null && visitor.Context is { } sent)
                {
                    visitor.ReportShared(sent);
                }

                return Task.CompletedTask;
            },
            this);
    }

    // A middleware before ours that sets headers when the response starts is called after ours, when none can follow.
    private void ReportShared(HttpContext current)
    {
        if (host is null
            && (IsPrivate || HasWrittenCookie)
            && current.Response.HasStarted
            && ResponseCaching.IsShared(current.Response))
        {
            Project.LogShared(current, "The response was sent with the header.");
        }
    }
}
