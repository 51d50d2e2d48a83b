namespace Kameleoon.Hybrid;

/// <summary>What came of a call to the shared store.</summary>
/// <param name="IsDone">Whether the store did it.</param>
/// <param name="IsRefused">Whether it refused this and answers others, so that asking again is no use.</param>
/// <param name="Answer">What it said, if it did it.</param>
internal readonly record struct StoreReply<T>(bool IsDone, bool IsRefused, T? Answer);
