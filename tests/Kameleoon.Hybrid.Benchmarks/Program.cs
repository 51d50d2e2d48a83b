using System.Globalization;
using BenchmarkDotNet.Running;
using Kameleoon.Hybrid.Benchmarks;

switch (args)
{
    // Writes what the decisions are measured with, so that others can be measured with it too.
    case ["--data-file", var flags, var path]:
        await File.WriteAllBytesAsync(path, PageOfFlags.Write(int.Parse(flags, CultureInfo.InvariantCulture)));
        break;
    case ["rotate", "codes"]:
        VisitorCodeBenchmarks.Rotate(rounds: 31);
        break;
    case ["rotate", ..]:
        EvaluationBenchmarks.Rotate(rounds: 31);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(EvaluationBenchmarks).Assembly).Run(args);
        break;
}
