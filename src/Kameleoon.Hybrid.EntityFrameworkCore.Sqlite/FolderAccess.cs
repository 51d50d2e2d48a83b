namespace Kameleoon.Hybrid.EntityFrameworkCore.Sqlite;

/// <summary>Tells whether the folder of a database file can be written.</summary>
/// <remarks>SQLite keeps its log in files beside the database. Where it cannot create them it says that it cannot open the
/// database, as it does when too many files are open.</remarks>
internal static class FolderAccess
{
    private const int ReadOnlyFileSystem = 30; // EROFS of Linux and macOS
    private const int WriteProtected = unchecked((int)0x80070013); // ERROR_WRITE_PROTECT of Windows

    /// <summary>Whether the file exists in a folder in which this process may not create files.</summary>
    internal static bool IsReadOnly(string file)
    {
        if (!File.Exists(file) || Path.GetDirectoryName(Path.GetFullPath(file)) is not { } folder)
        {
            return false;
        }

        try
        {
            var probe = Path.Combine(folder, $".kameleoon-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
            {
                return false;
            }
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException e)
        {
            return e.HResult is ReadOnlyFileSystem or WriteProtected;
        }
    }
}
