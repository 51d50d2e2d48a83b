using System.Diagnostics;
using System.Globalization;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>The official JavaScript core, run by node.</summary>
internal static class OfficialCore
{
    private static readonly Lazy<string?> Absence = new(FindAbsence);

    private static string Folder { get; } =
        Path.Combine(FindRoot(), "tests", "Kameleoon.Hybrid.Interop.Tests", "official");

    /// <summary>Why it cannot be run here, or null when it can.</summary>
    internal static string? WhyAbsent => Absence.Value;

    /// <summary>The JavaScript SDK around the core, in one file for pages, as it is published.</summary>
    internal static string PageScript =>
        Path.Combine(Folder, "node_modules", "@kameleoon", "javascript-sdk", "dist", "javascript-sdk.umd.min.js");

    /// <summary>Returns a page of the React SDK as one script, which has the names of <see cref="PageScript"/>'s pages.</summary>
    internal static string ReactPage() => Node("react-build.mjs");

    /// <summary>Writes what the core decides for each case of a file.</summary>
    internal static void Decide(string cases, string decisions) =>
        Node("decide.mjs", cases, decisions);

    /// <summary>Measures the core; the script says what.</summary>
    /// <param name="page">A data file to decide with.</param>
    /// <param name="small">A data file of 1 MB to read.</param>
    /// <param name="large">A data file of 10 MB to read.</param>
    /// <returns>A JSON object of microseconds by the name of what was measured.</returns>
    internal static string Measure(string page, string small, string large) =>
        Node("decide.bench.mjs", page, small, large);

    /// <summary>Lets the core tell one of the script's stories to a sandbox.</summary>
    /// <returns>A JSON object of what it decided, sent and read.</returns>
    internal static string Tell(string sandbox, string story) => Node("sandbox.mjs", sandbox, story);

    private static string Node(params string[] arguments)
    {
        var (exitCode, output, errors) = Run("node", arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The official core failed ({exitCode}): {errors}"));
    }

    private static string? FindAbsence()
    {
        if ((Missing("node") ?? Missing("npm")) is { } missing)
        {
            return $"{missing} is not installed, so there is nothing to compare with.";
        }

        if (File.Exists(PageScript) && Directory.Exists(Path.Combine(Folder, "node_modules", "@kameleoon", "react-sdk")))
        {
            return null;
        }

        var (exitCode, _, errors) = Run("npm", "ci", "--no-audit", "--no-fund", "--silent");
        return exitCode == 0 ? null : $"npm ci could not fetch the official core: {errors}";
    }

    private static string? Missing(string program)
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return folders.Any(folder => File.Exists(Path.Combine(folder, program))) ? null : program;
    }

    private static (int ExitCode, string Output, string Errors) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TZ"] = "UTC" },
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult(), errors);
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
