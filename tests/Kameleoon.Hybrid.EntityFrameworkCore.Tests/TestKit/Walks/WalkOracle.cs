using System.Globalization;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What must have been reported after a walk.</summary>
internal sealed class WalkOracle(WalkRow row)
{
    private readonly Dictionary<(string Code, int Flag), (int Most, bool Must)> _exposures = [];
    private readonly HashSet<(int Server, string Code, int Flag)> _marks = [];
    private readonly List<(string Code, int Flag, string Variation)> _byEngine = [];
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _own = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsure = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _consents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _plans = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Code, int Flag), string> _variations = [];
    private readonly Dictionary<string, HashSet<int>> _bought = new(StringComparer.Ordinal);
    private readonly List<(string Code, int Order)> _orders = [];
    private readonly Dictionary<string, int> _dropped = new(StringComparer.Ordinal);

    /// <summary>How often exposures were expected to be dropped, by reason.</summary>
    internal IReadOnlyDictionary<string, int> Dropped => _dropped;

    internal string? OwnerOf(string code) => _owners.GetValueOrDefault(code);

    /// <summary>Returns the plan that holds for a code: empty for none, and null if it may be that of a merged code.</summary>
    internal string? PlanOf(string code) => _unsure.Contains(code) ? null : _plans.GetValueOrDefault(code, "");

    /// <summary>Returns the flag and the variation of an id.</summary>
    internal static (int Flag, string Variation) NameOf(long variation) =>
        ((int)(variation / 10) - 100, variation % 10 == 1 ? "a" : "b");

    /// <summary>Returns the answer that holds for a code in a browser, or null.</summary>
    internal bool? ConsentOf(string code, bool hasRefused) =>
        !row.RequiresConsent ? true
        : hasRefused ? false
        : _consents.TryGetValue(code, out var given) ? given
        : null;

    /// <summary>A visitor decided: the variation stays, and after a refusal there is none.</summary>
    internal void Decided(WalkDecision decided, bool? consent)
    {
        if (consent == false)
        {
            decided.Variation.ShouldBe("off", $"{decided}");
            return;
        }

        decided.Reason.ShouldBe(DecisionReason.Rule, $"{decided}");
        var key = (decided.Code, decided.Flag);
        _variations.TryAdd(key, decided.Variation);
        _variations[key].ShouldBe(decided.Variation, $"{decided}");
    }

    /// <summary>An exposure that the engine, a page or the visitor's next page reports.</summary>
    internal void Expect(string code, int flag, bool must)
    {
        var (most, musts) = _exposures.GetValueOrDefault((code, flag));
        _exposures[(code, flag)] = (most + 1, musts || must);
    }

    /// <summary>An exposure that a server reports, once.</summary>
    internal void ExpectOnce(int server, string code, int flag, bool must)
    {
        if (_marks.Add((server, code, flag)))
        {
            Expect(code, flag, must);
        }
    }

    /// <summary>A server gave an exposure to the engine, and reports it no more.</summary>
    internal void Mark(int server, string code, int flag) => _marks.Add((server, code, flag));

    internal void Drop(string reason) => _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;

    internal void ReportByEngine(string code, int flag, string variation) => _byEngine.Add((code, flag, variation));

    /// <summary>A server remembers no exposure after a start.</summary>
    internal void Restart(int server) => _marks.RemoveWhere(mark => mark.Server == server);

    internal void Answer(string code, bool given)
    {
        _consents[code] = given;
        if (!given)
        {
            // What waited is dropped, and may be reported once the visitor agrees.
            _marks.RemoveWhere(mark => mark.Code == code);
            foreach (var key in _exposures.Keys.Where(key => key.Code == code).ToList())
            {
                _exposures[key] = (_exposures[key].Most, false);
            }
        }
    }

    /// <summary>A plan was told. A server that links a merged code once more copies what was told under it since.</summary>
    internal void Plan(string code, string name)
    {
        _plans[code] = name;
        _unsure.Remove(code);
        if (_owners.TryGetValue(code, out var user) && _own[user] is var own && !_plans.ContainsKey(own))
        {
            _unsure.Add(own);
        }
    }

    internal void Buy(string code, int order)
    {
        if (BoughtBy(code).Add(order))
        {
            _orders.Add((code, order));
        }
    }

    /// <summary>The codes that the store has for a user, the user's own first.</summary>
    internal void Link(string user, IReadOnlyList<string> codes)
    {
        _own[user] = codes[0];
        foreach (var code in codes.Where(code => !_owners.ContainsKey(code)))
        {
            BoughtBy(codes[0]).UnionWith(BoughtBy(code));
            _owners[code] = user;
            if (_consents.TryGetValue(code, out var given))
            {
                _consents.TryAdd(codes[0], given);
            }

            if (_plans.TryGetValue(code, out var plan) && !_unsure.Contains(codes[0]))
            {
                _plans.TryAdd(codes[0], plan);
            }
        }
    }

    /// <summary>Compares with what arrived at the platform.</summary>
    internal void Compare(SentEvents events)
    {
        var reported = events.OfType("experiment")
            .Select(sent => (sent["visitorCode"], Named: NameOf(Number(sent["variationId"]))))
            .Select(static sent => (Code: sent.Item1, sent.Named.Flag, sent.Named.Variation)).Concat(_byEngine).ToList();
        var counts = reported.CountBy(static one => (one.Code, one.Flag)).ToDictionary();

        counts.Where(one => one.Value > _exposures.GetValueOrDefault(one.Key).Most).ShouldBeEmpty("reported too often");
        _exposures.Where(one => one.Value.Must && !counts.ContainsKey(one.Key)).ShouldBeEmpty("not reported");
        reported.Where(one => _variations.GetValueOrDefault((one.Code, one.Flag), one.Variation) != one.Variation)
            .ShouldBeEmpty("another variation");
        CompareOrders([.. events.OfType("conversion").Where(static sent => sent["goalId"] == "1")
            .Select(static sent => (sent["visitorCode"], (int)Number(sent["revenue"])))]);
    }

    // A server that links a merged code once more copies what was bought under it since.
    private void CompareOrders(List<(string Code, int Order)> orders)
    {
        orders.Where(order => orders.Count(order.Equals) > 1).ShouldBeEmpty("a conversion of a code is reported twice");
        orders.Except(_orders).ShouldBeEmpty("a conversion of a person is reported twice");
        _orders.Select(order => (PersonOf(order.Code), order.Order))
            .Except(orders.Select(order => (PersonOf(order.Code), order.Order))).ShouldBeEmpty("a conversion is not reported");
    }

    private static long Number(string text) => (long)decimal.Parse(text, CultureInfo.InvariantCulture);

    private string PersonOf(string code) => _owners.GetValueOrDefault(code, code);

    private HashSet<int> BoughtBy(string key) => _bought.TryGetValue(key, out var orders) ? orders : _bought[key] = [];
}
