namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the live page shows.</summary>
internal sealed record LiveSnapshot(
    LiveDataFile DataFile,
    LiveTotals Totals,
    IReadOnlyList<LiveExperiment> Experiments,
    IReadOnlyList<GoalCount> Goals,
    IReadOnlyList<RecordedEvent> Events);

/// <summary>The data file in force.</summary>
/// <param name="Name">Its path as configured.</param>
/// <param name="State">Whether clients can use it.</param>
/// <param name="LastModified">The time clients see, or null when the file was never there.</param>
/// <param name="Problem">What is wrong with it, or null.</param>
/// <param name="Warnings">What it contains that has no effect.</param>
/// <param name="Flags">The keys of all its flags, in file order.</param>
internal sealed record LiveDataFile(
    string Name,
    DataFileState State,
    DateTimeOffset? LastModified,
    string? Problem,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Flags);

/// <summary>The figures of everything received.</summary>
/// <param name="Visitors">Distinct visitors; somebody forgotten for lack of room who returns counts again.</param>
/// <param name="RememberedVisitors">Visitors the sandbox still knows.</param>
/// <param name="PageViews">Page views of the visitors it still knows.</param>
/// <param name="Exposures">Exposures.</param>
/// <param name="Conversions">Conversions, without those taken back.</param>
/// <param name="Revenue">Their revenue.</param>
/// <param name="Violations">Lines with something wrong.</param>
internal sealed record LiveTotals(
    long Visitors,
    int RememberedVisitors,
    long PageViews,
    long Exposures,
    long Conversions,
    decimal Revenue,
    long Violations);

/// <summary>One experiment of a flag.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="Flag">The flag's key, or null when no data file ever named the experiment.</param>
/// <param name="Visitors">Visitors who saw any variation; somebody who saw two counts twice.</param>
/// <param name="Variations">Its variations.</param>
internal sealed record LiveExperiment(long Id, string? Flag, long Visitors, IReadOnlyList<LiveVariation> Variations);

/// <summary>One variation of an experiment.</summary>
/// <param name="Id">The variation.</param>
/// <param name="Key">Its key, or null when no data file ever named it.</param>
/// <param name="Visitors">Distinct visitors who saw it.</param>
/// <param name="Both">Those of them whom both senders reported, which a sound integration avoids.</param>
/// <param name="Engine">What the browser engine reported.</param>
/// <param name="Server">What the server reported.</param>
internal sealed record LiveVariation(
    long Id,
    string? Key,
    long Visitors,
    long Both,
    SenderCount Engine,
    SenderCount Server);
