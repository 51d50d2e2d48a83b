namespace Kameleoon.Hybrid;

/// <summary>Caches whether a user agent is a bot's, in an array of fixed size.</summary>
/// <remarks>
/// Each text has four possible slots, which new texts use in turn. Texts that differ in every request evict others,
/// which then need a search of the list again. There is no lock and no sweep, and the cache takes at most 2 MB.
/// </remarks>
internal sealed class UserAgentVerdicts
{
    private const int Sets = 512;
    private const int Ways = 4;

    private readonly Verdict?[] _verdicts = new Verdict?[Sets * Ways];
    private int _turn;

    internal bool? Find(string agent)
    {
        foreach (ref var place in SetOf(agent))
        {
            if (Volatile.Read(ref place) is { } verdict && string.Equals(verdict.Agent, agent, StringComparison.Ordinal))
            {
                return verdict.IsBot;
            }
        }

        return null;
    }

    internal void Keep(string agent, bool isBot)
    {
        var turn = (uint)Interlocked.Increment(ref _turn) % Ways;
        Volatile.Write(ref SetOf(agent)[(int)turn], new Verdict(agent, isBot));
    }

    // The framework's string hash has a random key for each process, so requests cannot target one set.
    private Span<Verdict?> SetOf(string agent) =>
        _verdicts.AsSpan((int)((uint)agent.GetHashCode(StringComparison.Ordinal) % Sets) * Ways, Ways);

    private sealed record Verdict(string Agent, bool IsBot);
}
