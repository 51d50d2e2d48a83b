using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Measures work in processor time of the calling thread, which stands still while other threads run.</summary>
internal static partial class ProcessorTime
{
    private const int ThreadClockOnLinux = 3;

    private const int Rounds = 3;

    /// <summary>Compares the same work at two sizes: the least of several rounds at each.</summary>
    /// <returns>How many times more the large one takes.</returns>
    internal static double Growth(Action small, Action large)
    {
        var (least, most) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            (least, most) = (Math.Min(least, Of(small)), Math.Min(most, Of(large)));
        }

        return most / least;
    }

    private static double Of(Action work)
    {
        var before = Now();
        work();
        return Now() - before;
    }

    private static double Now()
    {
        GetTime(ThreadClockOnLinux, out var time).ShouldBe(0);
        return (time.Seconds * 1e9) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
