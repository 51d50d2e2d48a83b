namespace Kameleoon.Hybrid;

/// <summary>What waits for a call to a store.</summary>
internal enum StoreCaller
{
    /// <summary>A request waits. The call fails at once while the store is paused after repeated failures.</summary>
    Request,

    /// <summary>No request waits. The call is always tried, and its failure does not pause the store.</summary>
    Background,

    /// <summary>No request waits, and the deadline is <see cref="StoreGuard.PatientTimeout"/>, for calls whose partial
    /// result is useless.</summary>
    Patient,
}
