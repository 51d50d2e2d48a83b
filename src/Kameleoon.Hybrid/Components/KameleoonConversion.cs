using Microsoft.AspNetCore.Components;

namespace Kameleoon.Hybrid.Components;

/// <summary>Lets the engine report a conversion with the page, as <see cref="ConversionTagHelper"/> does. Stands inside
/// <see cref="KameleoonTracking"/>.</summary>
/// <remarks>Reported by the browser only; do not call
/// <see cref="IKameleoonClient.TrackConversion(int, decimal, bool, CustomData[])"/> for it too.</remarks>
public sealed class KameleoonConversion : EngineCommandComponent, IDisposable
{
    /// <summary>The goal's id on the platform.</summary>
    [Parameter]
    [EditorRequired]
    public int Goal { get; set; }

    /// <summary>The revenue in the site's currency. Default 0.</summary>
    [Parameter]
    public decimal Revenue { get; set; }

    /// <inheritdoc cref="ConversionTagHelper.Id"/>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>Withdraws the command, if the page drops this component before it is sent.</summary>
    public void Dispose() => Withdraw();

    /// <inheritdoc/>
    protected override void OnParametersSet() => Give(EngineCommands.Conversion(Goal, Revenue, Id));
}
