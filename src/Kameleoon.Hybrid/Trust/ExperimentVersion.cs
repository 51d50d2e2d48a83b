using System.Globalization;
using System.Reflection;
using System.Text;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What the data file says of an experiment: its variations with their weights, and the time of the last
/// redistribution. Counts of another version are not comparable.</summary>
internal sealed class ExperimentVersion
{
    private ExperimentVersion(FeatureFlag flag, Rule rule)
    {
        (FlagKey, ExperimentId, RespoolTime) = (flag.Key, rule.ExperimentId, rule.RespoolTime);
        Default = (flag.Variations.GetValueOrDefault(flag.DefaultVariationKey) ?? Variation.Off(DecisionReason.Guarded))
            .WithReason(DecisionReason.Guarded);
        var shares = rule.Variations.Values
            .Where(static variation => variation.Id is not null)
            .Select(variation => (variation.Key, Id: variation.Id!.Value, Share: rule.GetShare(variation.Id.Value)))
            .Where(static variation => variation.Share > 0)
            .ToArray();
        var total = shares.Sum(static variation => variation.Share);
        Keys = [.. shares.Select(static variation => variation.Key)];
        Ids = [.. shares.Select(static variation => variation.Id)];
        Weights = [.. shares.Select(variation => variation.Share / total)];
    }

    internal string FlagKey { get; }

    internal long ExperimentId { get; }

    internal string[] Keys { get; }

    internal double[] Weights { get; }

    /// <summary>What a visitor gets while a variation is withheld.</summary>
    internal Variation Default { get; }

    /// <summary>The place of the variation with which the others are compared: the flag's default variation, or the first if that
    /// is not in the experiment.</summary>
    internal int Control => Math.Max(0, Array.IndexOf(Keys, Default.Key));

    private long[] Ids { get; }

    private long RespoolTime { get; }

    /// <summary>Stands for this version and this build of the application. The same on every server; counts of another one are
    /// not comparable.</summary>
    internal ulong Fingerprint => field == 0 ? field = ComputeFingerprint() : field;

    /// <summary>Returns the experiments of a data file whose split can be tested, up to a number.</summary>
    internal static IEnumerable<ExperimentVersion> AllOf(DataFile dataFile, int most) => dataFile.Flags
        .Where(static flag => flag.EnvironmentEnabled)
        .SelectMany(static flag => flag.Rules
            .Where(static rule => rule.IsExperiment)
            .Select(rule => new ExperimentVersion(flag, rule)))
        .GroupBy(static version => version.ExperimentId)
        .Where(static versions => versions.First().Ids.Length > 1 && versions.All(versions.First().IsSame))
        .Select(static versions => versions.First())
        .Take(most);

    /// <summary>Returns the id of the variation at a place.</summary>
    internal long IdOf(int place) => Ids[place];

    /// <summary>Returns the place of a variation, or -1.</summary>
    internal int IndexOf(long variationId) => Array.IndexOf(Ids, variationId);

    private ulong ComputeFingerprint()
    {
        var text = new StringBuilder().Append(Assembly.GetEntryAssembly()?.ManifestModule.ModuleVersionId)
            .Append('\n').Append(FlagKey).Append('\n').Append(Default.Key)
            .Append(CultureInfo.InvariantCulture, $"\n{ExperimentId}\n{RespoolTime}");
        for (var i = 0; i < Ids.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Ids[i]} {Weights[i]:R} {Keys[i]}");
        }

        return WindowMessage.Stamp(text.ToString()) | 1;
    }

    internal bool IsSame(ExperimentVersion other) =>
        ExperimentId == other.ExperimentId
        && RespoolTime == other.RespoolTime
        && string.Equals(FlagKey, other.FlagKey, StringComparison.Ordinal)
        && string.Equals(Default.Key, other.Default.Key, StringComparison.Ordinal)
        && Ids.AsSpan().SequenceEqual(other.Ids)
        && Keys.AsSpan().SequenceEqual(other.Keys)
        && Weights.AsSpan().SequenceEqual(other.Weights);
}
