namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>What is known of one person; several codes may share it.</summary>
internal sealed class VisitorRecord
{
    internal static readonly DateTimeOffset DefaultNow = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Whether anything was ever said about the visitor.</summary>
    internal bool IsKnown { get; set; }

    internal DateTimeOffset Now { get; set; } = DefaultNow;

    internal DateTimeOffset? CurrentVisitStart { get; set; }

    internal string? MappingIdentifier { get; set; }

    internal Consent Consent { get; set; }

    internal bool IsBot { get; set; }

    internal Simulation? Simulation { get; set; }

    internal DeviceType? Device { get; set; }

    internal VisitorBrowser? Browser { get; set; }

    internal OperatingSystemType? OperatingSystem { get; set; }

    internal VisitorLocation? Location { get; set; }

    internal List<KeyValuePair<string, string>>? Cookies { get; set; }

    internal string? ApplicationVersion { get; set; }

    internal string SdkLanguage { get; set; } = "CSHARP";

    internal string SdkVersion { get; set; } = "4.22.0";

    /// <summary>One page per URL, the one viewed last at the end.</summary>
    internal List<VisitorPage> Pages { get; } = [];

    internal long PageViewCount { get; private set; }

    internal List<DateTimeOffset>? PreviousVisits { get; set; }

    internal Dictionary<int, string[]> CustomData { get; } = [];

    internal Dictionary<long, ForcedVariation> Forced { get; } = [];

    internal Dictionary<long, Dictionary<long, double>> BanditScores { get; } = [];

    internal Dictionary<(long KeyMoment, long Goal), double> Likelihoods { get; } = [];

    internal Dictionary<long, Assignment> Assignments { get; } = [];

    /// <summary>By experiment, whether the engine has to run code; only assignments of this process.</summary>
    internal SortedDictionary<long, bool> RunInBrowser { get; } = [];

    internal List<(long GoalId, DateTimeOffset Time)> Conversions { get; } = [];

    internal Dictionary<long, DateTimeOffset> Personalizations { get; } = [];

    internal void View(string url, string? title)
    {
        if (url.Length > 0)
        {
            Pages.RemoveAll(page => string.Equals(page.Address, url, StringComparison.Ordinal));
            Pages.Add(new VisitorPage(url, title));
            PageViewCount++;
        }
    }

    internal void Save(Variation? variation, bool runsInBrowser)
    {
        if (variation is { IsAssignment: true, ExperimentId: { } experimentId, Id: { } id })
        {
            IsKnown = true;
            Assignments[experimentId] = new Assignment(id, Now);
            RunInBrowser[experimentId] = runsInBrowser;
        }
    }
}
