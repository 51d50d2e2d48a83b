using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Validates the settings of the engine tag.</summary>
internal sealed class EngineOptionsValidator : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        var engine = options.Engine;
        problems.RequireKnown("Engine:Mode", engine.Mode);
        problems.RequireKnown("Engine:Overlay", engine.Overlay);
        problems.RequireBetween("Engine:Timeout", engine.Timeout, TimeSpan.Zero, EngineTag.LongestTimeout);
        problems.Require(
            engine.Unify is not { } frame
            || (frame.IsAbsoluteUri ? OptionProblems.IsBase(frame) : OptionProblems.IsPath(frame)),
            $"Kameleoon:Engine:Unify is '{engine.Unify}'. Set it to the http or https address of the frame page, "
            + "without query, or to a path of this application that starts with '/'.");
        return problems.Build();
    }
}
