using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Prevents caches from giving a response that was decided for one visitor to others.</summary>
internal sealed class ResponsePrivacy(VisitorRequest request)
{
    private bool _isPersonal;
    private bool _isPrivate;

    /// <summary>The flags by which the output cache keeps copies of the page, or null if it keeps none.</summary>
    internal VariationCell? Cell { get; set; }

    /// <summary>Whether the page has a cache policy by variation, even if this request cannot use it.</summary>
    internal bool IsByVariation { get; set; }

    /// <summary>Whether the response is a copy that was rendered for another visitor with the same variations.</summary>
    internal bool IsCopy { get; private set; }

    /// <summary>Whether a flag was decided for the response, or the visitor code was read.</summary>
    internal bool IsPrivate => Volatile.Read(ref _isPrivate);

    /// <summary>Marks the response as one visitor's, so that no cache may share it. Decisions by which the output cache
    /// distinguishes its copies do not prevent that cache from storing it.</summary>
    /// <param name="featureKey">The flag decided, or null for other personal content.</param>
    internal void BecomePersonal(string? featureKey = null)
    {
        if (featureKey is not null && Cell?.Covers(featureKey) == true)
        {
            BecomePrivate();
        }
        else if (!Interlocked.Exchange(ref _isPersonal, true) && request.Context is { } current)
        {
            ResponseCaching.ForbidOutputCache(current);
            BecomePrivate();
        }
    }

    /// <summary>The output cache serves a copy of the page.</summary>
    internal void ReceiveCopy()
    {
        IsCopy = true;
        BecomePrivate();
    }

    private void BecomePrivate()
    {
        if (Interlocked.Exchange(ref _isPrivate, true) || request.Context is not { } current)
        {
            return;
        }

        if (UnstartedResponse.TryChange(current.Response, this, static (response, privacy) => privacy.ForbidCaches(response)))
        {
            request.ChangePage();
        }
        else if (request.HasPage || ResponseCaching.IsShared(current.Response))
        {
            // What has no page is not kept by caches unless the application says so.
            request.Project.Logger.DecidedTooLate(current.Request.Path);
        }
    }

    private void ForbidCaches(HttpResponse response)
    {
        ResponseCaching.Forbid(response.HttpContext);
        response.OnStarting(
            static state =>
            {
                ((ResponsePrivacy)state).StayPrivate();
                return Task.CompletedTask;
            },
            this);
    }

    // The application may have set other headers since.
    private void StayPrivate()
    {
        if (request.Context is not { } current)
        {
            return;
        }

        if (ResponseCaching.IsShared(current.Response))
        {
            request.Project.Logger.SharedAfterDecision(current.Request.Path);
        }

        ResponseCaching.Forbid(current);
        ResponseCaching.RemoveValidators(current.Response);
        if (Volatile.Read(ref _isPersonal))
        {
            ResponseCaching.ForbidOutputCache(current);
        }
    }
}
