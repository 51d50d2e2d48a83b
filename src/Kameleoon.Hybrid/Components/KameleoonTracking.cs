using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Components;

/// <summary>Hands the exposures of this page to the browser engine, as <see cref="TrackingTagHelper"/> does. Place it once,
/// in <c>App.razor</c> or in a layout.</summary>
/// <remarks>It carries what pages, layouts and nested components decide until the response starts. On a page with
/// <see cref="StreamRenderingAttribute"/> the response starts before the page has loaded its data. The server reports
/// what is decided afterwards, which is logged once a route.</remarks>
public sealed class KameleoonTracking : PageComponent, IDisposable
{
    private readonly EngineCommands _commands = new();
    private ExposureEntry[] _entries = [];
    private MarkupString _elements;

    /// <inheritdoc cref="TrackingTagHelper.Nonce"/>
    [Parameter]
    public string? Nonce { get; set; }

    /// <inheritdoc cref="TrackingTagHelper.GuardPrerender"/>
    [Parameter]
    public bool GuardPrerender { get; set; }

    /// <summary>Further commands for the engine: <see cref="KameleoonConversion"/> and <see
    /// cref="KameleoonCustomData"/>.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Leaves the exposures to another component or to the server, if the page drops this one before it is sent: a router
    /// may show another layout by then.</summary>
    public void Dispose()
    {
        if (_entries.Length > 0 && !IsTooLate)
        {
            RequestVisitor.Of(HttpContext).Client.TakeBack(_entries);
            _entries = [];
        }
    }

    /// <summary>Adds the command of a component inside it, in place of an earlier one of the same component.</summary>
    internal void Give(EngineCommandComponent giver, EngineCommand? command)
    {
        if (!_commands.TrySet(giver, command))
        {
            return;
        }

        if (IsTooLate && HttpContext is not null)
        {
            PageServices.Get<TrackingTag>(HttpContext).LogLateCommand(Route);
        }

        StateHasChanged();
    }

    /// <summary>Removes the command of a component that the page drops before it is sent.</summary>
    internal void Withdraw(EngineCommandComponent giver)
    {
        if (!IsTooLate && _commands.TrySet(giver, command: null))
        {
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (ChildContent is not null)
        {
            builder.OpenComponent<CascadingValue<KameleoonTracking>>(0);
            builder.AddComponentParameter(1, nameof(CascadingValue<KameleoonTracking>.Value), this);
            builder.AddComponentParameter(2, nameof(CascadingValue<KameleoonTracking>.IsFixed), true);
            builder.AddComponentParameter(3, nameof(CascadingValue<KameleoonTracking>.ChildContent), ChildContent);
            builder.CloseComponent();
        }

        if (!IsTooLate)
        {
            NoteStatus();
            _elements = Render(CreateElements(HttpContext!));
        }

        builder.AddContent(4, _elements);
    }

    private protected override void OnLateChange(RequestVisitor visitor) =>
        visitor.Services.GetRequiredService<TrackingTag>().LogLate(visitor, Route);

    private protected override void OnUnsent()
    {
        foreach (var entry in _entries)
        {
            entry.NoteUnsent();
        }
    }

    // The component may render several times, and the last time is sent. The engine gets an experiment once.
    private IHtmlContent? CreateElements(HttpContext context)
    {
        var tag = PageServices.Get<TrackingTag>(context);
        var added = tag.Take(context);
        _entries =
        [
            .. _entries.Where(earlier =>
                !Array.Exists(added, later => later.Exposure.ExperimentId == earlier.Exposure.ExperimentId)),
            .. added,
        ];
        return tag.Create(context, _entries, Nonce, GuardPrerender, _commands.ToCode(RequestVisitor.Of(context).AwaitsConsent));
    }
}
