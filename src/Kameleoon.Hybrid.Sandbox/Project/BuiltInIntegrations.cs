using System.Text;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The integrations with analytics tools that a project switches on by name.</summary>
/// <remarks>Each sends id and name of the campaign and of the variation in the form that the tool's documentation names.
/// </remarks>
internal static class BuiltInIntegrations
{
    private const string Prelude = """
        const isExperiment = experimentId !== undefined;
        const id = isExperiment ? experimentId : personalizationId;
        const name = isExperiment ? experimentName : personalizationName;

        """;

    /// <summary>The names that projects use, and the settings of each.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> Settings { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["ga4"] = ["sendTo"],
            ["gtm"] = [],
            ["mixpanel"] = [],
            ["amplitude"] = [],
            ["adobe"] = ["eVar", "object"],
            ["segment"] = [],
            ["piwik"] = ["dimension"],
            ["contentsquare"] = [],
        };

    /// <summary>Returns the body of the function, with its settings as a JSON object.</summary>
    internal static string Body(string name, string settings = "{}") =>
        $"const settings = {settings};\n{Prelude}{Encoding.UTF8.GetString(EmbeddedFile.Read($"integration-{name}.js"))}";
}
