using Microsoft.AspNetCore.Components;

namespace Kameleoon.Hybrid.Components;

/// <summary>Lets the engine report custom data with the page, as <see cref="CustomDataTagHelper"/> does. Stands inside
/// <see cref="KameleoonTracking"/>.</summary>
/// <remarks>For reports and the browser's targeting. Decisions on the server know only what
/// <see cref="IKameleoonClient.AddData(IVisitorData[])"/> was given.</remarks>
public sealed class KameleoonCustomData : EngineCommandComponent, IDisposable
{
    /// <summary>The custom data's index on the platform.</summary>
    [Parameter]
    [EditorRequired]
    public int Index { get; set; }

    /// <summary>A single value.</summary>
    [Parameter]
    public string? Value { get; set; }

    /// <summary>Several values; they come after <see cref="Value"/>.</summary>
    [Parameter]
    public IEnumerable<string>? Values { get; set; }

    /// <summary>Whether the values replace those of before. Default: as the platform's settings say.</summary>
    [Parameter]
    public bool? Overwrite { get; set; }

    /// <summary>Withdraws the command, if the page drops this component before it is sent.</summary>
    public void Dispose() => Withdraw();

    /// <inheritdoc/>
    protected override void OnParametersSet() => Give(EngineCommands.CustomData(Index, Value, Values, Overwrite));
}
