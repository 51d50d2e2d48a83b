namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>The layers of each project, from top to bottom. Folders in one line stand side by side: none mentions another.
/// A folder may mention only folders of the lines below its own.</summary>
internal static class Layers
{
    /// <summary>The files of a project that lie in no folder.</summary>
    internal const string Root = "";

    internal static readonly Dictionary<string, string[]> Of = new(StringComparer.Ordinal)
    {
        ["Kameleoon.Hybrid"] =
        [
            "Setup",
            "Components, AppEndpoints, Caching",
            "Tags",
            "Requests",
            "Identity, RemoteData",
            "SharedSessions",
            "Consent",
            "Tracking, Exposures",
            "Trust, Visitors",
            "Bots, Configuration, Overrides",
            "VisitorCodes",
            "Http, Stores",
            "Listeners",
            "Diagnostics",
            "Settings, Background",
        ],
        ["Kameleoon.Hybrid.Decisions"] =
        [
            "Memoization",
            Root,
            "Reading, Evaluation",
            "Conditions, Flags",
            "Targeting",
            "Visitors, Explanations",
            "Variations",
            "Json, Bucketing",
        ],
        ["Kameleoon.Hybrid.EntityFrameworkCore"] =
        [
            Root,
            "Links, Sessions, Tracking",
            "Storage",
            "Tables",
        ],
        ["Kameleoon.Hybrid.EntityFrameworkCore.PostgreSql"] = [Root],
        ["Kameleoon.Hybrid.EntityFrameworkCore.Sqlite"] = [Root],
        ["Kameleoon.Hybrid.Redis"] =
        [
            Root,
            "DataFiles, Experiments, Keys, Links, Sessions",
            "Connection",
        ],
        ["Kameleoon.Hybrid.Sandbox"] =
        [
            "Setup",
            "Control, Live",
            "Visitors, Engine",
            "Recording",
            "Configuration",
            "Storage, Requests",
            "Compilation",
            "Project, Events",
            "InProcess, Statistics",
            "Diagnostics, Time, Text",
            "Settings",
        ],
    };
}
