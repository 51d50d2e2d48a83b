namespace Kameleoon.Hybrid.TestKit;

/// <summary>Ends tests that would otherwise hang.</summary>
internal static class HangGuard
{
    /// <summary>How long a test waits for something that has to happen: long enough for a machine under heavy load.</summary>
    /// <remarks>No test asserts that something happens faster.</remarks>
    internal static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
}
