using System.Globalization;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class MemoStressTests
{
    private const int Changes = 400;
    private const int OtherFlags = 20;
    private const int Readers = 3;

    private static readonly DataFile[] Sites = [Site(), Site()];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_is_given_a_decision_older_than_the_version_they_read(bool all)
    {
        var session = new Session();
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(() => Read(session, reader, all))).ToArray();

        for (var i = 1; i <= Changes; i++)
        {
            session.Change(i);
            await Task.Yield();
            Thread.SpinWait(2000);
        }

        foreach (var stale in await Task.WhenAll(readers))
        {
            stale.ShouldBeNull();
        }

        session.Decide(Sites[0], all).Variation.Id.ShouldBe(Changes);
    }

    private static string? Read(Session session, int reader, bool all)
    {
        for (var turn = reader; ; turn++)
        {
            var site = Sites[turn / 7 % Sites.Length];
            var version = session.Version;
            var decision = session.Decide(site, all);
            if (decision.Variation.Id is not { } id || id < version || !ReferenceEquals(decision.Flag, site.Flags[^1]))
            {
                return $"at version {version} the decision was {decision.Variation.Id} of {decision.Flag?.Key}";
            }

            if (version == Changes)
            {
                return null;
            }
        }
    }

    /// <summary>The last flag gives variation n to a visitor whose custom data is n.</summary>
    private static DataFile Site()
    {
        var segments = Enumerable.Range(0, Changes + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": {{i}}, "conditionsData": { "firstLevel": [{ "conditions": [
              { "targetingType": "CUSTOM_DATUM", "customDataIndex": "0", "valueMatchType": "EXACT", "value": "{{i}}" }] }] } }
            """));
        var rules = Enumerable.Range(0, Changes + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": {{i}}, "type": "EXPERIMENTATION", "segmentId": {{i}}, "exposition": 1, "experimentId": {{i}},
              "variationByExposition": [
                { "variationKey": "on", "variationId": {{i}}, "exposition": 0.5 },
                { "variationKey": "on", "variationId": {{i}}, "exposition": 0.6 }] }
            """));
        var others = string.Concat(Enumerable.Range(0, OtherFlags).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{ "id": {{i}}, "featureKey": "other{{i}}", "environmentEnabled": true, "defaultVariationKey": "off" },""")));
        return TestSite.Parse($$"""
            { "configuration": {}, "segments": [{{string.Join(',', segments)}}],
              "featureFlags": [{{others}}{ "id": 99, "featureKey": "flag", "environmentEnabled": true,
                "defaultVariationKey": "off", "rules": [{{string.Join(',', rules)}}] }] }
            """);
    }

    private sealed class Session
    {
        private readonly DecisionMemo _memo = new();
        private Facts _facts = new("0");
        private long _version;

        internal long Version => Volatile.Read(ref _version);

        internal void Change(int number)
        {
            Volatile.Write(ref _facts, new Facts(number.ToString(CultureInfo.InvariantCulture)));
            Volatile.Write(ref _version, number);
        }

        internal Decision Decide(DataFile site, bool all)
        {
            var version = Version;
            var facts = Volatile.Read(ref _facts);
            var last = default(Decision);
            if (all)
            {
                foreach (ref readonly var decision in _memo.DecideAll(site, facts, version))
                {
                    last = decision;
                }

                return last;
            }

            foreach (var flag in site.Flags)
            {
                last = _memo.Decide(site, flag, facts, version);
            }

            return last;
        }
    }

    private sealed class Facts(string custom) : IVisitorFacts
    {
        private readonly string[] _custom = [custom];

        public string VisitorCode => "visitor";

        public DateTimeOffset Now => default;

        public IReadOnlyList<string> GetCustomData(int index) => _custom;
    }
}
