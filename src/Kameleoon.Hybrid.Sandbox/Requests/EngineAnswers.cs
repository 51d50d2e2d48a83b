namespace Kameleoon.Hybrid.Sandbox;

/// <summary>How browsers may cache the answers that the engine fetches.</summary>
internal static class EngineAnswers
{
    /// <summary>The answer is not reused without asking again.</summary>
    /// <remarks>Not <c>no-store</c>: a page with decisions is <c>no-store</c> itself, and Chromium keeps such a page out of the
    /// back/forward cache once one of its scripts has received another <c>no-store</c> answer.</remarks>
    internal const string NotReused = "private, no-cache";
}
