using System.Globalization;
using System.Security.Cryptography;
using Kameleoon.Hybrid.Benchmarks;
using Kameleoon.Hybrid.Benchmarks.Peers;
using Microsoft.FeatureManagement.FeatureFilters;

const int Flags = 50;
const int Batch = 256;
var key = BenchmarkSite.Key(Flags / 2);
var keys = Enumerable.Range(0, Flags).Select(BenchmarkSite.Key).ToArray();
var codes = new string[Batch];
var next = 0;
Renew();

await using var ours = await HybridFlags.StartAsync(Flags);
await using var theirs = FeatureFlags.Create(Flags);
var held = ours.Clients.ForVisitor("v10ctbql0zpf4rw0");
var user = new TargetingContext { UserId = "v10ctbql0zpf4rw0" };
var text = new byte[30];

(string Name, Action Run, int Per, Action? Reset)[] cases =
[
    ("sha", () => SHA256.HashData(text, stackalloc byte[SHA256.HashSizeInBytes]), 1, null),
    ("this library: one flag, new visitor", () => EachNew(code => ours.Clients.ForVisitor(code).GetVariation(key, track: false)), Batch, Renew),
    ("this library: one flag, same visitor", () => ours.Clients.ForVisitor("v10ctbql0zpf4rw0").GetVariation(key, track: false), 1, null),
    ("this library: one flag, same client", () => held.GetVariation(key, track: false), 1, null),
    ("this library: all 50 flags, new visitor", () => EachNew(code => ours.Clients.ForVisitor(code).GetVariations(track: false)), Batch, Renew),
    ("this library: all 50 flags, same visitor", () => ours.Clients.ForVisitor("v20ctbql0zpf4rw0").GetVariations(track: false), 1, null),
    ("FeatureManagement: one variant, new user", () => EachNew(code => Variant(key, new TargetingContext { UserId = code })), Batch, Renew),
    ("FeatureManagement: one variant, same user", () => Variant(key, user), 1, null),
    ("FeatureManagement: all 50 variants, same user", () => Array.ForEach(keys, one => Variant(one, user)), 1, null),
];

var rotation = new Rotation();
foreach (var (name, run, per, reset) in cases)
{
    rotation.Add(name, run, per, reset);
}

rotation.Print(rounds: 31);
foreach (var (name, run, per, reset) in cases)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50} {Bytes(run, per, reset),9:F0} bytes"));
}

// Decides at once: nothing in it waits.
void Variant(string feature, TargetingContext of) => _ = theirs.Features.GetVariantAsync(feature, of, CancellationToken.None).AsTask().Result;

void EachNew(Action<string> decide) => Array.ForEach(codes, code => decide(code));

void Renew()
{
    for (var i = 0; i < Batch; i++)
    {
        codes[i] = string.Create(CultureInfo.InvariantCulture, $"v{next++:D15}");
    }
}

static double Bytes(Action run, int per, Action? reset)
{
    var least = double.MaxValue;
    for (var turn = 0; turn < 20; turn++)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)per);
        reset?.Invoke();
    }

    return least;
}
