using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Prevents caches from giving a response that was decided for one visitor to others.</summary>
internal sealed class ResponsePrivacy(RequestVisitor visitor)
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
        else if (!Volatile.Read(ref _isPersonal) && !Interlocked.Exchange(ref _isPersonal, true) && visitor.Request.Context is { } current)
        {
            ResponseCaching.ForbidOutputCache(current);
            BecomePrivate();
        }
    }

    /// <summary>Takes a page out of the output cache whose flag was decided otherwise than when the cache chose the copy, because
    /// the visitor's data has changed since.</summary>
    internal void NoticeDecision(string featureKey, in Decision decision)
    {
        if (Cell is { } cell && !cell.Holds(featureKey, decision))
        {
            BecomePersonal();
        }
    }

    /// <summary>Takes a page out of the output cache if the visitor's consent has changed since the cache chose the copy.
    /// </summary>
    internal void NoticeConsent(DataFile dataFile)
    {
        if (Cell is { } cell && cell.Consent != visitor.ConsentUnder(dataFile))
        {
            BecomePersonal();
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
        if (IsPrivate || Interlocked.Exchange(ref _isPrivate, true) || visitor.Request.Context is not { } current)
        {
            return;
        }

        if (UnstartedResponse.TryChange(current.Response, visitor, ForbidCaches))
        {
            visitor.Request.ChangePage();
        }
        else if (visitor.Request.HasPage || ResponseCaching.IsShared(current.Response))
        {
            // What has no page is not kept by caches unless the application says so.
            visitor.Request.Project.LogDecidedTooLate(current);
        }
    }

    /// <summary>Forbids caches once more when the response starts. The application may have set other headers since.</summary>
    internal void StayPrivate()
    {
        if (visitor.Request.Context is not { } current)
        {
            return;
        }

        if (ResponseCaching.IsPublic(current.Response))
        {
            visitor.Request.Project.LogShared(current, "The header was replaced.");
        }

        ResponseCaching.Forbid(current);
        ResponseCaching.RemoveForCaches(current.Response);
        if (Volatile.Read(ref _isPersonal))
        {
            ResponseCaching.ForbidOutputCache(current);
        }
    }

    private static void ForbidCaches(HttpResponse response, RequestVisitor visitor)
    {
        ResponseCaching.Forbid(response.HttpContext);
        visitor.WatchStart(response);
    }
}
