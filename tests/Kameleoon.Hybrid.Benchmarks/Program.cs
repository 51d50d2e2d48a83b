using BenchmarkDotNet.Running;
using Kameleoon.Hybrid.Benchmarks;

if (args is ["rotate", ..])
{
    EvaluationBenchmarks.Rotate(rounds: 31);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(EvaluationBenchmarks).Assembly).Run(args);
}
