namespace Kameleoon.Hybrid.Sandbox;

/// <summary>All data that the live page shows.</summary>
internal sealed record LiveSnapshot(
    LiveDataFile DataFile,
    LiveSandbox Sandbox,
    LiveTotals Totals,
    LiveActivity Activity,
    IReadOnlyList<LiveExperiment> Experiments,
    IReadOnlyList<LiveGoal> Goals,
    IReadOnlyList<LiveProduct> Products,
    IReadOnlyList<LiveVisitor> Visitors,
    IReadOnlyList<IdentityWarning> Warnings,
    IReadOnlyList<FlagView> Flags,
    IReadOnlyList<RecordedEvent> Events);

/// <summary>The project in force.</summary>
/// <param name="Name">Its path as configured.</param>
/// <param name="State">Whether clients can use it.</param>
/// <param name="LastModified">The time clients see, or null when the file was never there.</param>
/// <param name="Problem">What is wrong with it first, or null.</param>
/// <param name="Mistakes">All that is wrong with it, with lines.</param>
/// <param name="Warnings">What it contains that has no effect.</param>
/// <param name="Flags">The keys of all its flags, in file order.</param>
/// <param name="Environments">The environments it names.</param>
/// <param name="IsProject">Whether it is a project of the sandbox, and no data file of the platform.</param>
internal sealed record LiveDataFile(
    string Name,
    ProjectFileState State,
    DateTimeOffset? LastModified,
    string? Problem,
    IReadOnlyList<Mistake> Mistakes,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Flags,
    IReadOnlyList<string> Environments,
    bool IsProject);

/// <summary>The sandbox itself.</summary>
/// <param name="Storage">The file that keeps everything, or null.</param>
/// <param name="AheadSeconds">How far its clock was put forward.</param>
/// <param name="Faults">The faults in force.</param>
/// <param name="Edits">Flags that differ from the file.</param>
internal sealed record LiveSandbox(
    string? Storage, double AheadSeconds, IReadOnlyDictionary<string, Fault> Faults, int Edits);

/// <summary>The figures of everything received.</summary>
/// <param name="Visitors">Distinct visitors; a visitor that was removed for lack of room and returns counts again.</param>
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

/// <summary>Events over time; each point is a second since 1970 and a number.</summary>
internal sealed record LiveActivity(IReadOnlyList<long[]> Engine, IReadOnlyList<long[]> Server);

/// <summary>The conversions of one goal.</summary>
/// <param name="GoalId">The goal.</param>
/// <param name="Name">Its name, or null when the project names none.</param>
/// <param name="Conversions">Conversions received.</param>
/// <param name="Cancelled">Conversions taken back.</param>
/// <param name="Revenue">The revenue that remains.</param>
internal sealed record LiveGoal(long GoalId, string? Name, long Conversions, long Cancelled, decimal Revenue);

/// <summary>One product that visitors viewed or bought.</summary>
/// <param name="Id">Its id, as pages track it.</param>
/// <param name="Name">Its name, or the id where no page named it.</param>
/// <param name="Views">How often it was viewed.</param>
/// <param name="Carts">How many were put into carts.</param>
/// <param name="Purchases">How many were bought.</param>
/// <param name="Recommended">The names of the products that are recommended next to it, the first ones.</param>
internal sealed record LiveProduct(
    string Id, string Name, long Views, long Carts, long Purchases, IReadOnlyList<string> Recommended);

/// <summary>One visitor.</summary>
internal sealed record LiveVisitor(
    string Code,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    int PageViews,
    int Visits,
    bool Server,
    bool Engine,
    string? UserAgent,
    IReadOnlyList<string> Seen,
    int Warnings);
