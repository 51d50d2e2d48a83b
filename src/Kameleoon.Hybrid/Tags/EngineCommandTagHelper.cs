using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

/// <summary>What the tags inside <c>kameleoon-tracking</c> have in common.</summary>
public abstract class EngineCommandTagHelper : KameleoonTagHelper
{
    private protected EngineCommandTagHelper()
    {
    }

    private protected void Give(TagHelperContext context, string tag, JsonArray? command)
    {
        if (EngineCommands.Of(context) is { } commands)
        {
            commands.Add(command);
        }
        else
        {
            Report($"<{tag}> stands outside of <kameleoon-tracking>, where nobody tells the engine of it. Put it inside.");
        }
    }
}
