namespace Kameleoon.Hybrid.TestKit;

/// <summary>The command <c>kameleoon-sandbox</c> as it was built with the tests. A test project that runs it refers to the
/// command's project, so that it is built before.</summary>
internal static class SandboxTool
{
    /// <summary>Its file, for <c>dotnet</c>.</summary>
    internal static string File { get; } = Path.Combine(
        RepositoryFolder.Of("artifacts/bin/Kameleoon.Hybrid.Sandbox.Host"),
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "kameleoon-sandbox.dll");
}
