using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The variations that new visitors do not get at present.</summary>
/// <remarks>Decisions read one reference. Safe for concurrent use without locks, except for <see cref="Publish"/>.</remarks>
internal sealed class VariationGuard(IOptions<KameleoonOptions> options, TimeProvider clock)
{
    private WithheldVariation[]? _withheld;

    internal KameleoonGuardOptions Options { get; } = options.Value.Trust.Guard;

    /// <summary>Whether any variation is withheld.</summary>
    internal bool IsWithholding => Volatile.Read(ref _withheld) is not null;

    /// <summary>The time now in milliseconds, never 0. It wraps around after 49 days; shorter differences stay right.</summary>
    internal int Now => unchecked((int)(clock.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMillisecond)) | 1;

    /// <summary>Finds what holds for a decided variation. A forced or simulated one is never withheld.</summary>
    internal WithheldVariation? Find(Variation variation)
    {
        if (Volatile.Read(ref _withheld) is not { } all || variation is not { Reason: DecisionReason.Rule, Id: { } id })
        {
            return null;
        }

        foreach (var withheld in all)
        {
            if (withheld.VariationId == id && withheld.ExperimentId == variation.ExperimentId)
            {
                return withheld;
            }
        }

        return null;
    }

    /// <summary>Withholds the variations of these experiments from now on. Calls must not overlap.</summary>
    internal void Publish(IEnumerable<ExperimentTally> experiments)
    {
        WithheldVariation[] withheld =
        [
            .. from tally in experiments
               where tally.Guarded is { IsWithholding: true }
               from breaker in tally.Guarded!.Breakers
               let phase = breaker.State.Phase
               where phase != GuardPhase.Closed
               select new WithheldVariation(
                   tally,
                   breaker.Place,
                   tally.Version.IdOf(breaker.Place),
                   phase == GuardPhase.Probing ? Options.ProbeShare : 0,
                   breaker.Breaks),
        ];
        Volatile.Write(ref _withheld, withheld.Length > 0 ? withheld : null);
    }
}
