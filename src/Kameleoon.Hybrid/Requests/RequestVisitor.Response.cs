using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid;

// Assigns exposures to their owners when the response fails and completes.
internal sealed partial class RequestVisitor
{
    private ErrorPageWatch? _errorPages;
    private int _features = -1;
    private bool _isDone;
    private bool _hadExposures;
    private bool _hasFailed;
    private ExposureState? _discardedLater;

    /// <inheritdoc/>
    /// <remarks>The error middleware runs the pipeline again, or only what comes after it. So this is asked for wherever
    /// exposures are entered or taken. Unchanged features mean that nothing failed since.</remarks>
    public void NoticeErrorPage()
    {
        if (Context is not { } current || current.Features.Revision == _features)
        {
            return;
        }

        _features = current.Features.Revision;
        var failure = current.Features.Find<IExceptionHandlerFeature>();
        var reExecution = current.Features.Find<IStatusCodeReExecuteFeature>();
        if ((failure, reExecution, _errorPages) is not (null, null, null)
            && (_errorPages ??= new ErrorPageWatch()).HasNew(failure, reExecution))
        {
            StartOver();
        }
    }

    /// <inheritdoc/>
    public ExposureDisposition DispositionFor(ResponseOutcome outcome)
    {
        if (Context is not { } current)
        {
            return new ExposureDisposition(outcome, IsBot ? ExposureState.Bot : _discardedLater);
        }

        var discarded = FindDiscardReason(current.Request, outcome);
        return new ExposureDisposition(
            outcome,
            discarded,
            ResponseOutcomes.HasLostBody(outcome, current.Response) ? LostTags.All : LostTags.None,
            TakesCarried: discarded is null && outcome != ResponseOutcome.Redirect && RequestIntent.CanKeepCookie(current.Request),
            HasFailed: outcome == ResponseOutcome.Error && current.Response.StatusCode >= StatusCodes.Status500InternalServerError);
    }

    /// <summary>Loads the visitor's last page of another server of a farm, if a script may have left it for this request.
    /// </summary>
    internal ValueTask LoadLeftPageAsync(HttpRequest current) =>
        Project.Clients.Visitors.Handed.LoadAsync(Code, current);

    /// <summary>Makes this response handle the exposures of an earlier redirect, or of a page that a script left, even if
    /// nothing is decided for it.</summary>
    internal void AwaitCarried(HttpRequest current)
    {
        // The inspector reloads a page to show another variation. The page before keeps what it passed to the engine.
        if (Project.Clients.Visitors.Handed.MayHaveLeft(Code, current) && !IsBot && !IsSimulated)
        {
            Client.TakeBack(current);
        }

        if (Project.Clients.Visitors.Carried.IsWaiting(Code) && RequestIntent.CanKeepCookie(current))
        {
            _ = Client;
        }
    }

    /// <summary>The application is done with the response. What the client does from now on does not break it off.</summary>
    /// <remarks>A client may close its connection once it has read the last byte, before the server completes the response.
    /// </remarks>
    internal void NoticeEnd()
    {
        Volatile.Read(ref _guest)?.NoticeEnd();
        if (Context is not { } current)
        {
            return;
        }

        if (Volatile.Read(ref _client) is not null)
        {
            _isDone = !IsAborted(current);
        }
    }

    /// <summary>The application failed with an exception that it did not handle: the server reports the exposures.</summary>
    /// <remarks>Of a response that has started, the browser gets the tags that were written before.</remarks>
    internal void NoticeException(Exception exception)
    {
        Volatile.Read(ref _guest)?.NoticeException(exception);
        if (Context is not { } current)
        {
            return;
        }

        _hasFailed = true;
        var isFault = exception is not BadHttpRequestException { StatusCode: < StatusCodes.Status500InternalServerError };
        var outcome = IsAborted(current) ? ResponseOutcome.Aborted : ResponseOutcome.Error;
        if (current.Response.HasStarted)
        {
            Volatile.Read(ref _client)?.Complete(
                DispositionFor(outcome) with
                {
                    Lost = LostTags.Uncertain,
                    TakesCarried = false,
                    HasFailed = isFault && outcome == ResponseOutcome.Error,
                },
                IsSharedNow || HasWrittenCookie);
        }
        else
        {
            StartOver(outcome, isFault && outcome == ResponseOutcome.Error);
        }
    }

    private bool IsSimulated => Project.DataFile is { } dataFile && FindSimulation(dataFile) is not null;

    private ExposureState? FindDiscardReason(HttpRequest current, ResponseOutcome outcome)
    {
        // The reports of a generated code wait until it is known whether the browser got it. Carried exposures do not.
        var isShared = (Source == VisitorCodeSource.Generated && outcome != ResponseOutcome.Redirect)
            || IsSharedNow
            || HasWrittenCookie;
        return IsBot ? ExposureState.Bot
            : HttpMethods.IsHead(current.Method) ? ExposureState.Head
            : IsPrefetch ? ExposureState.Unseen
            : isShared ? null
            : HasRefused ? ExposureState.Refused
            : ExposureState.Unshared;
    }

    private ResponseOutcome OutcomeOf(HttpContext current) => ResponseOutcomes.Of(
        current,
        IsPrefetch,
        ResponseDelivered,
        isAborted: !_isDone && IsAborted(current));

    // The framework's own property adds a feature where the server has none.
    private static bool IsAborted(HttpContext current) =>
        current.Features.Find<IHttpRequestLifetimeFeature>()?.RequestAborted.IsCancellationRequested == true;

    // The page's decisions so far were for a page that the browser does not get.
    private void StartOver(ResponseOutcome outcome = ResponseOutcome.Error, bool? hasFailed = null)
    {
        KnownPage = null;
        _hadExposures |= _client?.Ledger.HasTracked == true;
        Volatile.Read(ref _sharing)?.StartOver();
        var disposition = DispositionFor(outcome);
        Volatile.Read(ref _client)?.StartOver(disposition with
        {
            Lost = LostTags.All,
            TakesCarried = false,
            HasFailed = hasFailed ?? disposition.HasFailed,
        });
    }

    private void LogDiscarded(in ExposureDisposition disposition)
    {
        var waitsForPage = disposition.Outcome == ResponseOutcome.Redirect && Project.Options.ExposureBy != ExposureOwner.Server;
        if (disposition.Discarded is not null && !waitsForPage && _client?.HasOpenExposures == true)
        {
            Project.LogPrefetchedExposures(Context);
        }
    }

    // The response set no cookie, and no page passes the code to the engine. So the next request has another code.
    private void LogUnshared(in ExposureDisposition disposition)
    {
        if (Source != VisitorCodeSource.Generated
            || disposition.Discarded is not (null or ExposureState.Unshared)
            || IsSharedNow
            || HasWrittenCookie
            || Context is not { } current
            || !RequestIntent.CanKeepCookie(current.Request)
            || !(_hadExposures || _client?.Ledger.HasTracked == true))
        {
            return;
        }

        if (Project.DataFile is { ConsentRequired: true } dataFile && ConsentUnder(dataFile) == Consent.Unknown)
        {
            Project.LogDecidedBeforeAnswer(current);
        }
        else if (_hasFailed)
        {
            Project.LogUnhandledFailure(current);
        }
    }

    private void Complete()
    {
        NoticeErrorPage();

        // Code that runs after the response asks later, when the request cannot tell any more.
        NoteShared(IsSharedNow || HasWrittenCookie);
        var disposition = Context is { } current
            ? DispositionFor(OutcomeOf(current))
            : new ExposureDisposition(ResponseOutcome.Aborted);
        disposition = disposition with { Lost = disposition.Lost == LostTags.All ? LostTags.All : LostTags.Unwritten };
        LogDiscarded(disposition);
        LogUnshared(disposition);
        if (Context is { } sent)
        {
            ReportShared(sent);
            if (_privacy is { IsCopy: true })
            {
                _client?.CountCopy(sent.Response, disposition);
            }
        }

        // What the application decides later for a response that no person sees is discarded for the same reason.
        _discardedLater = disposition.Discarded is ExposureState.Head or ExposureState.Unseen ? disposition.Discarded : null;
        End();
        _client?.Complete(disposition, WasShared);
        NoteComplete();
        _client?.End();
    }
}
