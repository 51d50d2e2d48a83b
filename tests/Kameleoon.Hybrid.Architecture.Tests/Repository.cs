namespace Kameleoon.Hybrid.Architecture.Tests;

internal static class Repository
{
    internal static readonly string[] Packages =
    [
        "Kameleoon.Hybrid", "Kameleoon.Hybrid.Aspire.Hosting", "Kameleoon.Hybrid.Decisions", "Kameleoon.Hybrid.EntityFrameworkCore",
        "Kameleoon.Hybrid.EntityFrameworkCore.PostgreSql", "Kameleoon.Hybrid.EntityFrameworkCore.Sqlite",
        "Kameleoon.Hybrid.FeatureManagement", "Kameleoon.Hybrid.Redis", "Kameleoon.Hybrid.Sandbox", "Kameleoon.Hybrid.Testing",
        "Kameleoon.Hybrid.Testing.Xunit",
    ];

    internal static string Root { get; } = FindRoot();

    internal static IEnumerable<string> SourceFiles() => Directory
        .EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal));

    internal static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kameleoon.Hybrid.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder.FullName;
    }
}
