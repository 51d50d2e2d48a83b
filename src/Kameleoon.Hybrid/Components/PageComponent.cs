using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Components;

/// <summary>The base of the components whose content depends on what the rest of the page decides.</summary>
/// <remarks>Blazor renders <c>App.razor</c> before the layout and the routed page, and sends the page when all of them are
/// rendered. These components therefore render again after each decision, until the response starts.</remarks>
public abstract class PageComponent : KameleoonComponent
{
    private bool _isFollowing;
    private bool _isSent;
    private int _status;

    private protected PageComponent()
    {
    }

    /// <summary>The name of the page's route in the log.</summary>
    private protected string Route { get; private set; } = "";

    // What a streamed update adds to a page is inserted by a script, and scripts in it would not run.
    private protected bool IsTooLate => _isSent || HttpContext is not { Response.HasStarted: false };

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_isFollowing || IsTooLate)
        {
            return;
        }

        _isFollowing = true;
        Route = RouteName.Of(HttpContext);
        if (HttpContext!.Features.Find<RequestVisitor>() is { } visitor)
        {
            Follow(visitor, HttpContext);
        }
    }

    /// <summary>Called when a decision comes after the response has started.</summary>
    private protected virtual void OnLateChange(RequestVisitor visitor)
    {
    }

    /// <summary>Called when another response is sent instead of the page for which the component rendered.</summary>
    private protected virtual void OnUnsent()
    {
    }

    /// <summary>Notes the state of the response for which the component renders.</summary>
    private protected void NoteStatus() => _status = HttpContext!.Response.StatusCode;

    private void Follow(RequestVisitor visitor, HttpContext context)
    {
        var (page, renderer) = (visitor.Page, SynchronizationContext.Current);
        page.Follow(() => _ = InvokeAsync(() => Change(visitor)));
        context.Response.OnStarting(() =>
        {
            // An error page has its own page state.
            _isSent = true;
            if (ReferenceEquals(visitor.KnownPage, page)
                && context.Response.StatusCode is var status
                && status != _status
                && (ResponseOutcomes.IsRedirect(status) || (status >= 400 && !ReferenceEquals(SynchronizationContext.Current, renderer))))
            {
                // A redirect or an error response is sent without the page. The framework writes a page on the renderer's
                // context, with any status, and what replaces a page outside of it.
                visitor.WithdrawImposedCode();
                OnUnsent();
            }

            return Task.CompletedTask;
        });
    }

    private void Change(RequestVisitor visitor)
    {
        if (IsTooLate)
        {
            OnLateChange(visitor);
        }
        else
        {
            StateHasChanged();
        }
    }
}
