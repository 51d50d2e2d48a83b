using System.Diagnostics;
using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Starts processes that are bound to a processor, by taskset of util-linux.</summary>
internal static class Pinning
{
    /// <summary>Whether there are two processors and taskset.</summary>
    internal static bool IsPossible { get; } = Environment.ProcessorCount > 1
        && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(static folder => File.Exists(Path.Combine(folder, "taskset")));

    /// <summary>Starts a process whose output is read.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="processor">The number of the processor, or null for all.</param>
    internal static Process Start(string file, IEnumerable<string> arguments, int? processor)
    {
        IEnumerable<string> own = processor is { } number
            ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), file, .. arguments]
            : [file, .. arguments];
        return Process.Start(new ProcessStartInfo(own.First(), own.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
    }
}
