namespace Kameleoon.Hybrid.TestKit;

/// <summary>Finds files of the repository that a test reads or runs.</summary>
internal static class RepositoryFolder
{
    internal static string Root { get; } = Find();

    /// <param name="path">A path inside the repository, with slashes.</param>
    internal static string Of(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kameleoon.Hybrid.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder.FullName;
    }
}
