using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

// The variations that visitors got.
internal sealed partial class VisitorStore
{
    // How exact the time of an assignment is that is decided again and again.
    private static readonly TimeSpan Exactness = TimeSpan.FromSeconds(1);

    /// <summary>The time that is saved with an assignment.</summary>
    internal DateTimeOffset Now => _clock.UtcNow;

    /// <summary>Saves the variation that a visitor got in an experiment.</summary>
    /// <param name="session">The visitor's session.</param>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="variationId">The variation.</param>
    /// <param name="isJustProlonged">Whether the session was prolonged in the same call.</param>
    internal void Save(VisitorSession session, long experimentId, long variationId, bool isJustProlonged = false)
    {
        if (session.Record.Save(experimentId, variationId, isJustProlonged ? _clock.At(session.LastSeen) : _clock.UtcNow))
        {
            Recount(session);
        }
    }

    /// <summary>Whether all exposures of decisions are saved, none longer ago than a second.</summary>
    /// <param name="session">The visitor's session, or null if there is none.</param>
    /// <param name="all">The decisions.</param>
    /// <param name="areReported">Whether they must be marked as reported, too.</param>
    /// <param name="count">The number of exposures.</param>
    internal bool Keeps(VisitorSession? session, FlagDecisions all, bool areReported, out int count) =>
        new KeptAssignments(session?.Record.Assignments ?? [], _clock.UtcNow - Exactness, areReported).Include(all, out count);

    /// <summary>Saves the variations that a visitor got in several experiments.</summary>
    /// <param name="session">The visitor's session.</param>
    /// <param name="all">The decisions.</param>
    /// <param name="count">The number of their exposures, from <see cref="Keeps"/>.</param>
    internal void SaveAll(VisitorSession session, FlagDecisions all, int count) =>
        SaveAll(session, new ExposureSequence(all), count);

    /// <summary>Does the same for any exposures.</summary>
    internal void SaveAll<TExposures>(VisitorSession session, TExposures exposures, int count)
        where TExposures : struct, IExposures, allows ref struct
    {
        session.Record.SaveAll(exposures, count, _clock.UtcNow);
        Recount(session);
    }

    /// <summary>Saves assignments that the platform knows of, except those of experiments with an assignment.</summary>
    internal void SavePast(VisitorSession session, IEnumerable<RemoteAssignment> assignments)
    {
        foreach (var assigned in assignments)
        {
            session.Record.Remember(assigned.Id, assigned.VariationId, assigned.Time);
        }

        Recount(session);
    }
}
