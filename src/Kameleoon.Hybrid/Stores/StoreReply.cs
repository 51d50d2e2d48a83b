using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>The result of a call to a store.</summary>
/// <param name="Outcome">What happened to the call.</param>
/// <param name="Answer">The store's answer; the default value unless the call is done.</param>
/// <param name="Error">Why the call is not done, or null when it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoreReply<T>(StoreOutcome Outcome, T? Answer, Exception? Error)
{
    internal bool IsDone => Outcome == StoreOutcome.Done;

    /// <summary>Whether the failure concerns this call only, so that trying again does not help.</summary>
    internal bool IsRefused => Outcome == StoreOutcome.Refused;
}

/// <summary>What happened to a call to a store.</summary>
internal enum StoreOutcome
{
    /// <summary>The store answered.</summary>
    Done,

    /// <summary>The call failed while the store answers other calls.</summary>
    Refused,

    /// <summary>The store failed, did not answer in time, or is paused after repeated failures.</summary>
    Unavailable,

    /// <summary>The caller cancelled the call.</summary>
    Cancelled,
}
