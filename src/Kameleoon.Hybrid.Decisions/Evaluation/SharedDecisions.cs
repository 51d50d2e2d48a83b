namespace Kameleoon.Hybrid.Decisions;

/// <summary>
/// The different decisions about one flag, so that all visitors with the same decision share one object.
/// </summary>
internal struct SharedDecisions
{
    // The number of different decisions is rules times variations times holdout variations. Above this limit, a flag
    // shares no further ones.
    private const int Max = 64;

    private SharedDecision[]? _decisions;

    /// <summary>Finds the object of a decision, or adds it.</summary>
    internal SharedDecision Share(in Decision decision)
    {
        var decisions = Volatile.Read(ref _decisions);
        foreach (var known in decisions.AsSpan())
        {
            if (AreSame(known.Value, decision))
            {
                return known;
            }
        }

        var added = new SharedDecision(decision);

        // Forced and simulated variations are created per visitor, so sharing them would only fill the array.
        if (decision.Variation.Reason is not (DecisionReason.Forced or DecisionReason.Simulated)
            && decisions is not { Length: >= Max })
        {
            Interlocked.CompareExchange(ref _decisions, [.. decisions ?? [], added], decisions);
        }

        return added;
    }

    private static bool AreSame(in Decision one, in Decision other) =>
        ReferenceEquals(one.Variation, other.Variation)
        && ReferenceEquals(one.Rule, other.Rule)
        && ReferenceEquals(one.Holdout, other.Holdout)
        && ReferenceEquals(one.Flag, other.Flag);
}

/// <summary>A decision as an object, so that one reference publishes it whole to other threads.</summary>
internal sealed class SharedDecision(in Decision decision)
{
    internal readonly Decision Value = decision;

    private string? _askedBy;

    /// <summary>Whether an application asked for the flag by this very object. Keys are mostly constants, so that no text has to be
    /// hashed or compared.</summary>
    internal bool IsAskedBy(string featureKey) =>
        ReferenceEquals(Volatile.Read(ref _askedBy), featureKey) || ReferenceEquals(Value.Flag!.Key, featureKey);

    /// <summary>Notes the object by which an application asks for the flag. The first one stays: writing others again and again would
    /// slow down the threads that read it.</summary>
    internal void NoteAsked(string featureKey)
    {
        if (Volatile.Read(ref _askedBy) is null)
        {
            Volatile.Write(ref _askedBy, featureKey);
        }
    }
}
