using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the data and forced variations of visitors in memory, for later decisions.</summary>
internal sealed class VisitorDataKeeper(VisitorStore visitors, PersonCodes codes, TimeProvider clock)
{
    /// <summary>Keeps data of a visitor. A mapping identifier also joins the visitor's code and the identifier.</summary>
    /// <param name="code">The visitor code.</param>
    /// <param name="added">The data, with the indices of the data file.</param>
    /// <param name="track">Whether a mapping identifier is reported to the platform.</param>
    internal void Keep(string code, IReadOnlyList<IVisitorData> added, bool track)
    {
        var persons = added.OfType<CustomData>().Where(item => item.IsMappingIdentifier)
            .Where(item => VisitorCode.IsValid(item.Values[0])).ToArray();
        if (added.OfType<UniqueIdentifier>().LastOrDefault() is { } unique)
        {
            codes.MarkUnique(code, unique.Value);
        }

        visitors.Update(code, (added, person: persons.LastOrDefault(), track, code, Now: clock.GetUtcNow()), static (known, change) =>
        {
            foreach (var item in change.added)
            {
                known = item.AddTo(known);
                known = item is Conversion goal ? known.Reaching(goal.GoalId, change.Now) : known;
            }

            return change.person is { } person ? Identify(known, person, change.code, change.track) : known;
        });
        foreach (var person in persons)
        {
            codes.Link(code, person.Values[0]);
        }
    }

    /// <summary>Marks a conversion with an id as reported.</summary>
    /// <returns>False if one with the same goal and id was reported before in the visitor's session.</returns>
    internal bool TryMarkReported(string code, Conversion conversion)
    {
        if (conversion.Key is not { } key)
        {
            return true;
        }

        var wasDropped = WasDroppedBefore(code, key);
        var before = visitors.Update(code, (key, wasDropped), static (known, added) =>
            (added.wasDropped ? known.WithoutInherited(added.key) : known).Converting(new(added.key, IsSafe: false)));
        return (wasDropped ? before.WithoutInherited(key) : before).PlaceOf(key) < 0;
    }

    /// <summary>Makes a visitor get a variation of an experiment.</summary>
    internal void Force(string code, long experimentId, ForcedVariation forced) => visitors.Update(
        code,
        (experimentId, forced),
        static (known, change) => known with { Forced = known.Forced.With(change.experimentId, change.forced) });

    /// <summary>Removes the forced variation of an experiment, if there is one.</summary>
    internal void Withdraw(string code, long experimentId)
    {
        if (visitors.KnownOf(code)?.Forced.Find(experimentId) is not null)
        {
            visitors.Update(code, experimentId, static (known, withdrawn) =>
                known with { Forced = known.Forced.Without(withdrawn) });
        }
    }

    // The event of a former code is unsafe only for a short time, so it counts as reported once that code's session is over.
    private bool WasDroppedBefore(string code, ConversionKey key) =>
        visitors.KnownOf(code)?.FormerOf(key) is { } former && visitors.KnownOf(former) is { } earlier && earlier.PlaceOf(key) < 0;

    // The first code that a person is known by buckets the person from then on, on every device.
    private static VisitorSnapshot Identify(VisitorSnapshot known, CustomData person, string code, bool track) => known with
    {
        MappingIdentifier = known.MappingIdentifier ?? code,
        Mapping = !track || known.Mapping?.Says(person) == true ? known.Mapping : new MappingLine(person),
    };
}
