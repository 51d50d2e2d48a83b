using System.Diagnostics;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>The official JavaScript core, run by node.</summary>
internal static class OfficialCore
{
    private static readonly Lazy<string?> Absence = new(FindAbsence);

    private static string Folder { get; } =
        Path.Combine(FindRoot(), "tests", "Kameleoon.Hybrid.Interop.Tests", "official");

    /// <summary>Why it cannot be run here, or null when it can.</summary>
    internal static string? WhyAbsent => Absence.Value;

    /// <summary>Writes what the core decides for each case of a file.</summary>
    internal static void Decide(string cases, string decisions)
    {
        var (exitCode, errors) = Run("node", "decide.mjs", cases, decisions);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"The official core failed ({exitCode.ToText()}): {errors}");
        }
    }

    private static string? FindAbsence()
    {
        if ((Missing("node") ?? Missing("npm")) is { } missing)
        {
            return $"{missing} is not installed, so there is nothing to compare with.";
        }

        if (Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            return null;
        }

        var (exitCode, errors) = Run("npm", "ci", "--no-audit", "--no-fund", "--silent");
        return exitCode == 0 ? null : $"npm ci could not fetch the official core: {errors}";
    }

    private static string? Missing(string program)
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return folders.Any(folder => File.Exists(Path.Combine(folder, program))) ? null : program;
    }

    private static (int ExitCode, string Errors) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardError = true,
            Environment = { ["TZ"] = "UTC" },
        })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

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

/// <summary>A test that needs the official core, and is skipped where it cannot be run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OfficialCoreFactAttribute : FactAttribute
{
    public OfficialCoreFactAttribute() => Skip = OfficialCore.WhyAbsent;
}
