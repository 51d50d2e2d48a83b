using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>Says in one sentence what the guard did and why.</summary>
internal static class GuardSentence
{
    internal static string Withheld(ExperimentVersion version, int place, GuardSigns kind, in GuardRates rates, GuardState state) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{version.FlagKey}: new visitors get {version.Default.Key} instead of {version.Keys[place]} since {TimeOf(state.Since)}, because {Reason(version, place, kind, rates)}. A few try it again at {TimeOf(state.NextProbe!.Value)}.");

    internal static string Tried(ExperimentVersion version, int place, GuardState state) =>
        $"{version.FlagKey}: a few new visitors try {version.Keys[place]} again since {TimeOf(state.Since)}, the others get {version.Default.Key}.";

    internal static string Given(ExperimentVersion version, int place, in GuardRates errors, in GuardRates slowness) =>
        $"{version.FlagKey}: new visitors get {version.Keys[place]} again, because {Reason(version, place, GuardSigns.Failed, errors)}, and {Reason(version, place, GuardSigns.Slow, slowness)}.";

    internal static string NameOf(GuardSigns kind) => kind == GuardSigns.Failed ? "error" : "slow";

    private static string Reason(ExperimentVersion version, int place, GuardSigns kind, in GuardRates rates) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{rates.Bad} of {rates.All} responses of {version.Keys[place]} {(kind == GuardSigns.Failed ? "failed" : "were slow")} ({100 * rates.Share:0.#} %), {rates.ControlBad} of {rates.ControlAll} of {version.Keys[version.Control]} ({100 * rates.ControlShare:0.#} %)");

    private static string TimeOf(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
