using System.Globalization;
using BenchmarkDotNet.Running;
using Kameleoon.Hybrid.Benchmarks;

// --data-file 50 page.json writes what the decisions are measured with, so that others can be measured with it too.
if (args is ["--data-file", var flags, var path])
{
    File.WriteAllBytes(path, PageOfFlags.Write(int.Parse(flags, CultureInfo.InvariantCulture)));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(DecisionBenchmarks).Assembly).Run(args);
