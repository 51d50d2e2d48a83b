using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace Kameleoon.Hybrid.Components;

/// <summary>What the components inside <see cref="KameleoonTracking"/> have in common.</summary>
public abstract class EngineCommandComponent : KameleoonComponent
{
    private bool _isGiven;

    private protected EngineCommandComponent()
    {
    }

    [CascadingParameter]
    private KameleoonTracking? Tracking { get; set; }

    // A component may be rendered again; what it said stays said.
    private protected void Give(JsonArray? command)
    {
        if (_isGiven || HttpContext is null)
        {
            return;
        }

        _isGiven = true;
        if (Tracking is null)
        {
            Report($"<{GetType().Name}> stands outside of <KameleoonTracking>, where nobody tells the engine of it. Put it "
                + "inside.");
        }
        else
        {
            Tracking.Add(command);
        }
    }
}
