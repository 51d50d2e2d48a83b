using System.Globalization;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class DistributionTests(ITestOutputHelper output)
{
    private const int Visitors = 1_000_000;

    /// <summary>A fair hash strays further in less than one of a hundred million shares.</summary>
    private const double Deviations = 6;

    // No share is so small that counts of it are not nearly normal.
    private static readonly Gen<RandomSplit> Splits =
        from exposition in Gen.OneOf(Gen.Constant(100), Gen.Choose(5, 99))
        from weights in Gen.Choose(1, 6).SelectMany(count => Gen.Choose(0, 100).ListOf(count))
        from total in Gen.Elements(100, 100, 80, 120)
        select new RandomSplit(exposition / 100.0, [.. weights], total / 100.0);

    [Fact]
    public void A_million_codes_meet_random_shares_within_binomial_bounds()
    {
        var seed = (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));

        Prop.ForAll(Splits.ListOf(8).ToArbitrary(), splits => AreMet([.. splits]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1).WithReplay(seed, gamma: 1));
    }

    private static void AreMet(RandomSplit[] splits)
    {
        var site = TestSite.Parse($$"""{ "featureFlags": [{{string.Join(',', splits.Select((split, i) => split.Flag(i)))}}] }""");
        var counts = splits.Select(split => new int[split.Shares.Length]).ToArray();

        for (var i = 0; i < Visitors; i++)
        {
            foreach (ref readonly var decision in site.DecideAll(new Code(string.Create(CultureInfo.InvariantCulture, $"v{i}"))))
            {
                if (decision.Variation.Id is { } id)
                {
                    counts[decision.Flag!.Id][id]++;
                }
            }
        }

        for (var flag = 0; flag < splits.Length; flag++)
        {
            for (var variation = 0; variation < counts[flag].Length; variation++)
            {
                var share = splits[flag].Reached(variation);
                var deviation = Math.Sqrt(Visitors * share * (1 - share));
                Math.Abs(counts[flag][variation] - (Visitors * share)).ShouldBeLessThanOrEqualTo(
                    (Deviations * deviation) + 1e-6, $"{splits[flag]}, variation {variation}");
            }
        }
    }

    private sealed record Code(string VisitorCode) : IVisitorFacts
    {
        public DateTimeOffset Now => default;
    }

    private sealed record RandomSplit(double Exposition, int[] Weights, double Total)
    {
        internal double[] Shares { get; } =
            [.. Weights.Select(weight => weight * Total / Math.Max(Weights.Sum(), 1))];

        /// <summary>The part of all visitors that gets a variation.</summary>
        internal double Reached(int variation) => Exposition
            * (Math.Min(Shares[..(variation + 1)].Sum(), 1) - Math.Min(Shares[..variation].Sum(), 1));

        internal string Flag(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": {{number}}, "featureKey": "flag{{number}}", "environmentEnabled": true, "rules": [{ "id": {{1000 + number}},
              "experimentId": {{2000 + number}}, "type": "EXPERIMENTATION", "exposition": {{Exposition}}, "variationByExposition": [
              {{string.Join(',', Shares.Select((share, i) => string.Create(CultureInfo.InvariantCulture,
                  $$"""{ "variationKey": "v{{i}}", "variationId": {{i}}, "exposition": {{share}} }""")))}}] }] }
            """);

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"exposition {Exposition}, shares {string.Join(", ", Shares)}");
    }
}
