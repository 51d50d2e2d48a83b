using Microsoft.AspNetCore.Components;

namespace Kameleoon.Hybrid.Components;

/// <summary>The base of the components inside <see cref="KameleoonTracking"/>, which send commands to the browser engine.</summary>
public abstract class EngineCommandComponent : KameleoonComponent
{
    private bool _isGiven;

    private protected EngineCommandComponent()
    {
    }

    [CascadingParameter]
    private KameleoonTracking? Tracking { get; set; }

    // A component may render several times. Its command is sent once.
    private protected void Give(EngineCommand? command)
    {
        if (_isGiven || HttpContext is null)
        {
            return;
        }

        _isGiven = true;
        if (Tracking is null)
        {
            Report($"<{GetType().Name}> is not inside <KameleoonTracking>, so the engine does not receive it. Put it "
                + "inside.");
        }
        else
        {
            Tracking.Add(command);
        }
    }
}
