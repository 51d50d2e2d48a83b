namespace Kameleoon.Hybrid;

/// <summary>What a guard logs about its store.</summary>
/// <param name="Unavailable">Called once when an outage begins.</param>
/// <param name="Recovered">Called once when it is over.</param>
/// <param name="Refused">Called for the first refusal of the process; null where the guard has no probe and so sees no
/// refusals.</param>
internal sealed record StoreMessages(Action<Exception> Unavailable, Action Recovered, Action<Exception>? Refused = null);
