using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Collects every wrong setting of the engine tag.</summary>
internal sealed class EngineOptionsRules : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var engine = options.Engine;
        var problems = new ValidateOptionsResultBuilder();
        if (!Enum.IsDefined(engine.Mode))
        {
            problems.AddError($"Kameleoon:Engine:Mode is {engine.Mode}. Set it to one of {Names<EngineMode>()}.");
        }

        if (!Enum.IsDefined(engine.Overlay))
        {
            problems.AddError($"Kameleoon:Engine:Overlay is {engine.Overlay}. Set it to one of {Names<EngineOverlay>()}.");
        }

        if (engine.Timeout < TimeSpan.Zero || engine.Timeout > EngineTag.LongestTimeout)
        {
            problems.AddError(string.Create(CultureInfo.InvariantCulture, $"Kameleoon:Engine:Timeout is {engine.Timeout:c}. "
                + $"Set it to a time from {TimeSpan.Zero:c} to {EngineTag.LongestTimeout:c}."));
        }

        if (engine.Unify is { } frame
            && !(frame.IsAbsoluteUri ? KameleoonOptionsRules.IsBase(frame) : KameleoonOptionsRules.IsPath(frame)))
        {
            problems.AddError($"Kameleoon:Engine:Unify is '{frame}'. Set it to the http or https address of the frame page, "
                + "without query, or to a path of this application that starts with '/'.");
        }

        return problems.Build();
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>());
}
