using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Keeps a response that was decided for its visitor out of the copies that others get.</summary>
internal sealed class ResponsePrivacy(RequestVisitor visitor, ILogger logger)
{
    private int _isPersonal;
    private int _isPrivate;

    /// <summary>The visitors who may share this page, where the output cache keeps copies by variation.</summary>
    internal VariationCell? Cell { get; set; }

    /// <summary>Whether the page's cache policy is one by variation, whether or not this request may use it.</summary>
    internal bool IsByVariation { get; set; }

    /// <summary>Whether the page was made for another visitor of the same cell.</summary>
    internal bool IsCopy { get; private set; }

    /// <summary>Whether something was decided for this response, or the code asked for.</summary>
    internal bool IsPrivate => Volatile.Read(ref _isPrivate) != 0;

    /// <summary>From its first decision or visitor code on, the response is one visitor's and no cache may share it,
    /// except for the decisions by which the output cache tells its copies apart.</summary>
    /// <param name="featureKey">The flag decided, or null for anything else that is personal.</param>
    internal void BecomePersonal(string? featureKey = null)
    {
        if (featureKey is not null && Cell?.Covers(featureKey) == true)
        {
            BecomePrivate();
        }
        else if (Interlocked.Exchange(ref _isPersonal, 1) == 0 && visitor.Context is { } current)
        {
            ResponseCaching.ForbidOutputCache(current);
            BecomePrivate();
        }
    }

    /// <summary>The output cache serves the page, which it keeps for this visitor's cell.</summary>
    internal void ReceiveCopy()
    {
        IsCopy = true;
        BecomePrivate();
    }

    private void BecomePrivate()
    {
        if (Interlocked.Exchange(ref _isPrivate, 1) != 0 || visitor.Context is not { } current)
        {
            return;
        }

        if (current.Response.HasStarted)
        {
            logger.DecidedTooLate(current.Request.Path);
            return;
        }

        ResponseCaching.Forbid(current);
        current.Response.OnStarting(
            static state =>
            {
                ((ResponsePrivacy)state).StayPrivate();
                return Task.CompletedTask;
            },
            this);
    }

    // The application may have said something else since.
    private void StayPrivate()
    {
        if (visitor.Context is not { } current)
        {
            return;
        }

        if (ResponseCaching.IsShared(current.Response))
        {
            logger.SharedAfterDecision(current.Request.Path);
        }

        ResponseCaching.Forbid(current);
        ResponseCaching.RemoveValidators(current.Response);
        if (Volatile.Read(ref _isPersonal) != 0)
        {
            ResponseCaching.ForbidOutputCache(current);
        }
    }
}
