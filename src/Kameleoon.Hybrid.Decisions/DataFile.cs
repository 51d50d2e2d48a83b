using System.Collections.Frozen;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>One version of a site's configuration, compiled: the flags and everything deciding them needs.</summary>
/// <remarks>Immutable and safe for concurrent use. Decisions of one page should come from one instance.</remarks>
public sealed class DataFile
{
    private static readonly Variation UnknownFlag = Variation.Off(DecisionReason.UnknownFlag);

    private readonly FrozenDictionary<string, FeatureFlag> _flagsByKey;
    private readonly Holdout? _holdout;

    private DataFile(DataFileDocument document)
    {
        var compiler = new DataFileCompiler(document);
        var flags = compiler.Compile();
        Flags = flags;
        Warnings = compiler.Warnings;
        MappingIndex = compiler.MappingIndex;
        _holdout = compiler.Holdout;
        _flagsByKey = flags.ToFrozenDictionary(flag => flag.Key, StringComparer.Ordinal);

        HasTargetedDelivery = flags.Any(flag => flag.EnvironmentEnabled && flag.Rules.Any(r => r.IsTargetedDelivery));

        DateModified = document.DateModified is { } milliseconds and > 0 and < 253402300800000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
        ConsentRequired = document.Configuration?.ConsentType is "REQUIRED";
        RealTimeUpdate = document.Configuration?.RealTimeUpdate ?? false;
        DataApiDomain = document.Configuration?.DataApiDomain is { Length: > 0 } domain ? domain : null;
    }

    /// <summary>All flags of the site in file order, those switched off in the environment included.</summary>
    public IReadOnlyList<FeatureFlag> Flags { get; }

    /// <summary>When the configuration was last changed on the platform, or null when the file does not say.</summary>
    public DateTimeOffset? DateModified { get; }

    /// <summary>Whether the site may track a visitor only after consent.</summary>
    public bool ConsentRequired { get; }

    /// <summary>Whether an enabled flag has a delivery rule, which justifies the visitor cookie before consent.</summary>
    public bool HasTargetedDelivery { get; }

    /// <summary>The variations of the site's holdout experiment, empty when there is none.</summary>
    public IReadOnlyList<Variation> HoldoutVariations => _holdout?.Variations ?? [];

    /// <summary>Whether the platform announces changes on its event stream.</summary>
    public bool RealTimeUpdate { get; }

    /// <summary>The host to which the site's events go, or null for the platform's own.</summary>
    public string? DataApiDomain { get; }

    /// <summary>The index of the custom data that identifies a person across devices, or null for none.</summary>
    public int? MappingIndex { get; }

    /// <summary>What the file contains that has no effect, one sentence each; worth a log entry.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a data file as the platform's configuration service serves it.</summary>
    /// <param name="utf8Json">The document; a byte-order mark is skipped.</param>
    /// <exception cref="DataFileException">The document is no data file. Nothing else is thrown.</exception>
    public static DataFile Parse(ReadOnlySpan<byte> utf8Json) => new(DataFileReader.Read(utf8Json));

    /// <summary>Finds a flag by its key, compared ordinally.</summary>
    /// <param name="featureKey">The flag's key.</param>
    /// <returns>The flag, or null when the file has none of that key.</returns>
    public FeatureFlag? FindFlag(string featureKey) => _flagsByKey.GetValueOrDefault(featureKey);

    /// <summary>Decides a flag for a visitor. Does no I/O, keeps nothing and never throws for an unknown flag.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="visitor">What is known of the visitor.</param>
    public Decision Decide(string featureKey, IVisitorFacts visitor) =>
        FindFlag(featureKey) is { } flag ? Decide(flag, visitor) : new Decision(UnknownFlag);

    /// <summary>Decides a flag of this data file for a visitor.</summary>
    /// <param name="flag">A flag of this data file.</param>
    /// <param name="visitor">What is known of the visitor.</param>
    public Decision Decide(FeatureFlag flag, IVisitorFacts visitor)
    {
        ArgumentNullException.ThrowIfNull(flag);
        ArgumentNullException.ThrowIfNull(visitor);
        return Evaluator.Evaluate(flag, _holdout, visitor);
    }
}
