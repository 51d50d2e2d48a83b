using System.Globalization;
using BenchmarkDotNet.Running;
using Kameleoon.Hybrid.Benchmarks;

switch (args)
{
    // Writes what the decisions are measured with, so that others can be measured with it too.
    case ["--data-file", var flags, var path]:
        await File.WriteAllBytesAsync(path, BenchmarkSite.Write(int.Parse(flags, CultureInfo.InvariantCulture)));
        break;
    case ["rotate", "codes"]:
        VisitorCodeBenchmarks.Rotate(rounds: 31);
        break;
    case ["rotate", ..]:
        EvaluationBenchmarks.Decisions(50, 1, 1000).Print(rounds: 31);
        break;
    case ["face"]:
        FaceCost.Print(rounds: 31);
        break;
    case ["request"]:
        RequestCost.Print(rounds: 31);
        break;
    case ["growth"]:
        Growth.Print(rounds: 11);
        break;
    case ["compare"]:
        Comparison.Print(rounds: 31);
        break;
    case ["parse"]:
        ParsingBenchmarks.Alternate(readings: 100);
        break;
    case ["swap"]:
        Swapping.Print(rounds: 5);
        break;
    case ["herd"]:
        HerdTable.Write();
        break;
    case ["outage"]:
        await OutageRun.WriteAsync();
        break;
    case ["faults", var seconds]:
        await TrackingFaultTable.WriteAsync(int.Parse(seconds, CultureInfo.InvariantCulture));
        break;
    case ["tracking"]:
        await TrackingBenchmarks.PrintAsync(rounds: 31);
        break;
    case ["farm", "redis", var address]:
        await FarmNotices.PrintAsync(builder => builder.AddRedisStore(address), changes: 10_000);
        break;
    case ["farm", "postgresql", var connection]:
        await FarmNotices.PrintAsync(builder => builder.AddPostgreSqlStore(connection).AddSharedSessions(), changes: 100);
        break;
    case ["farm", "failures"]:
        await FarmFailures.PrintAsync();
        break;
    case ["farm", "cost", var redis, var postgreSql]:
        await FarmCost.PrintAsync(redis, postgreSql, rounds: 7);
        break;
    case ["serve", "farm", var store, var connection, var farmPort]:
        await FarmCost.RunAsync(store, connection, int.Parse(farmPort, CultureInfo.InvariantCulture));
        break;
    case ["identity"]:
        IdentityCost.Print(rounds: 31);
        break;
    case ["trust"]:
        TrustCost.Print(rounds: 301);
        break;
    case ["visitors"]:
        VisitorMemory.Print();
        break;
    case ["kestrel", ..]:
        await KestrelRounds.PrintAsync(rounds: 31);
        break;
    case ["latency", .. var rest]:
        await LatencyRounds.PrintAsync(rest is [var times] ? int.Parse(times, CultureInfo.InvariantCulture) : 31);
        break;
    case ["newcomers"]:
        await NewcomerRounds.PrintAsync(rounds: 5);
        break;
    case ["sandbox"]:
        await SandboxLoad.PrintAsync(rounds: 11);
        break;
    case ["serve", "sandbox", var sandboxPort, var dataFile]:
        await SandboxLoad.RunAsync(int.Parse(sandboxPort, CultureInfo.InvariantCulture), dataFile);
        break;
    case ["serve", var kind, var port]:
        await BenchmarkServer.RunAsync(kind, int.Parse(port, CultureInfo.InvariantCulture));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(EvaluationBenchmarks).Assembly).Run(args);
        break;
}
