using System.Diagnostics;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A file system of half a megabyte in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    internal string Folder { get; }

    /// <summary>Whether this process may mount one.</summary>
    internal static bool IsAllowed { get; } = IsMountable();

    internal static SmallDisk Mount() => TryMount() ?? throw new InvalidOperationException("The disk cannot be mounted.");

    internal void MakeReadOnly() => Run("mount", "-o", "remount,ro", Folder).ShouldBeTrue();

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static bool IsMountable()
    {
        using var disk = TryMount();
        return disk is not null;
    }

    private static SmallDisk? TryMount()
    {
        var folder = Directory.CreateTempSubdirectory("kameleoon-disk").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder))
        {
            return new SmallDisk(folder);
        }

        Directory.Delete(folder);
        return null;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
