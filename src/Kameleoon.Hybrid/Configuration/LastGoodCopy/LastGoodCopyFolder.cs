namespace Kameleoon.Hybrid;

/// <summary>Finds a folder that only the user of this process can write.</summary>
internal static class LastGoodCopyFolder
{
    private const string Name = "Kameleoon.Hybrid";

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="configured">The only candidate, if the application names one.</param>
    /// <exception cref="IOException">There is none.</exception>
    internal static string Find(string? configured)
    {
        var problems = new List<string>();
        foreach (var folder in configured is null ? Candidates() : [Path.GetFullPath(configured)])
        {
            try
            {
                Prepare(folder, mayBeShared: configured is not null);
                return folder;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(e.Message);
            }
        }

        throw new IOException(string.Join(' ', problems));
    }

    // A container's user often has no home, and a read-only file system often a writable folder for temporary files.
    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } data)
        {
            yield return Path.Combine(data, Name);
        }

        yield return Path.Combine(Path.GetTempPath(), $"{Name}-{Environment.UserName}");
    }

    private static void Prepare(string folder, bool mayBeShared)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Owner);

            // Another user with write access could choose what visitors of this site see.
            const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
            if (!mayBeShared && (File.GetUnixFileMode(folder) & Others) != UnixFileMode.None)
            {
                throw new IOException($"Others can write {folder}.");
            }
        }

        using var probe = new FileStream(
            Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
            FileOptions.DeleteOnClose);
    }
}
