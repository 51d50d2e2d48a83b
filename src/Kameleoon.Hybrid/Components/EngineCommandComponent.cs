using Microsoft.AspNetCore.Components;

namespace Kameleoon.Hybrid.Components;

/// <summary>The base of the components inside <see cref="KameleoonTracking"/>, which send commands to the browser engine.</summary>
public abstract class EngineCommandComponent : KameleoonComponent
{
    private bool _isMisplaced;

    private protected EngineCommandComponent()
    {
    }

    [CascadingParameter]
    private KameleoonTracking? Tracking { get; set; }

    // A component may render several times, and its command may change while the page loads its data. The last one is sent.
    private protected void Give(EngineCommand? command)
    {
        if (_isMisplaced || HttpContext is null)
        {
            return;
        }

        _isMisplaced = Tracking is null;
        if (Tracking is null)
        {
            Report($"<{GetType().Name}> is not inside <KameleoonTracking>, so the engine does not receive it. Put it "
                + "inside.");
        }
        else
        {
            Tracking.Give(this, command);
        }
    }

    private protected void Withdraw() => Tracking?.Withdraw(this);
}
