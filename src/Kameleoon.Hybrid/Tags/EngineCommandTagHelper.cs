using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>The base of the tags inside <c>kameleoon-tracking</c>, which send commands to the browser engine.</summary>
public abstract class EngineCommandTagHelper : KameleoonTagHelper
{
    private protected EngineCommandTagHelper()
    {
    }

    private protected void Give(TagHelperContext context, string tag, EngineCommand? command)
    {
        if (EngineCommands.Of(context) is { } commands)
        {
            commands.Add(command);
        }
        else
        {
            Report($"<{tag}> is not inside <kameleoon-tracking>, so the engine does not receive it. Put it inside.");
        }
    }
}
