using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>One vector file: a data file, visitors, and what the official SDKs decided for them.</summary>
internal sealed class VectorCase
{
    private const string Push = "window.kameleoonQueue.push";

    private readonly VectorScore _score;
    private readonly string _name;
    private readonly JsonElement _file;
    private readonly DataFile _dataFile;
    private readonly VectorVisitors _visitors;

    internal VectorCase(string path, VectorScore score)
    {
        _score = score;
        _name = Path.GetFileName(path);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        _file = document.RootElement.Clone();
        _dataFile = DataFile.Parse(Encoding.UTF8.GetBytes(_file.GetProperty("dataFile").GetRawText()));

        var now = _file.TryGetProperty("now", out var instant)
            ? DateTimeOffset.FromUnixTimeMilliseconds(instant.GetInt64())
            : VisitorRecord.DefaultNow;
        var sdk = _file.TryGetProperty("sdk", out var posed) ? posed : default(JsonElement?);
        _visitors = new VectorVisitors(
            _dataFile, now, sdk?.Text("language") ?? "CSHARP", sdk?.Text("version") ?? "4.22.0");
    }

    internal void Run()
    {
        new VectorDetails(_name, _file, _dataFile, _score).Compare();
        foreach (var entry in _file.Items("visitors"))
        {
            CompareVisitor(entry);
        }

        if (_file.TryGetProperty("visitorCodes", out var codes))
        {
            CompareCodes(codes);
        }
    }

    private void CompareVisitor(JsonElement entry)
    {
        var visitor = _visitors.Get(entry.Text("visitorCode")!);
        var where = $"{_name}, visitor {visitor.VisitorCode}";
        var expected = entry.GetProperty("expect");
        Prepare(visitor, entry, expected, where);
        CompareWays(visitor);

        var decisions = expected.Members("decisions")
            .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        foreach (var key in _file.GetProperty("featureKeys").EnumerateArray().Select(key => key.GetString()!))
        {
            var actual = Decide(visitor, key);
            if (decisions.TryGetValue(key, out var decision))
            {
                _score.Decision($"{where}, flag {key}", Expected(decision), actual);
            }
        }

        if (expected.Text("engineTrackingCode") is { } code)
        {
            _score.Other($"{where}, engine tracking code", Pushes(code), Pushes(EngineTrackingCode(visitor.Record)));
        }

        if (expected.TryGetProperty("audiences", out var audiences))
        {
            var actual = _dataFile.EvaluateAudiences(visitor).Order();
            _score.Other($"{where}, audiences", audiences.GetRawText(), $"[{string.Join(',', actual)}]");
        }
    }

    private void Prepare(TestVisitor visitor, JsonElement entry, JsonElement expected, string where)
    {
        var record = visitor.Record;
        if (entry.TryGetProperty("consent", out var consent))
        {
            record.IsKnown = true;
            record.Consent = consent.GetBoolean() ? Consent.Given : Consent.Refused;
        }

        foreach (var item in entry.Items("data"))
        {
            _visitors.Add(visitor, item);
        }

        string[] errors = [.. entry.Items("forced").Select(item => Force(record, item))];
        if (expected.TryGetProperty("forcedErrors", out var forcedErrors))
        {
            _score.Other($"{where}, forced", forcedErrors.GetRawText(), $"[{string.Join(',', errors)}]");
        }

        if (entry.TryGetProperty("simulated", out var simulated))
        {
            record.IsKnown = true;
            record.Simulation = _dataFile.ReadSimulation(simulated.GetRawText());
        }
    }

    private string Force(VisitorRecord record, JsonElement item)
    {
        var experimentId = item.GetProperty("experimentId").GetInt64();
        if (item.Text("variationKey") is not { } key)
        {
            record.Forced.Remove(experimentId);
            return "null";
        }

        var forceTargeting = !item.TryGetProperty("forceTargeting", out var force) || force.GetBoolean();
        switch (_dataFile.TryForce(experimentId, key, forceTargeting, out var forced))
        {
            case ForcedVariationResult.Forced:
                record.IsKnown = true;
                record.Forced[experimentId] = forced!;
                return "null";
            case ForcedVariationResult.UnknownExperiment:
                return "\"FeatureExperimentNotFound\"";
            default:
                return "\"FeatureVariationNotFound\"";
        }
    }

    private string Decide(TestVisitor visitor, string key)
    {
        if (visitor.VisitorCode is "" or { Length: > 255 })
        {
            return "VisitorCodeInvalid";
        }

        var decision = visitor.Save(DecideAndExplain(visitor, key));
        var variation = decision.Variation;
        return decision switch
        {
            { Flag: null } => "FeatureNotFound",
            { IsDecided: false } => "FeatureEnvironmentDisabled",
            _ => $"{variation.Key} ({Text(variation.Id)}/{Text(variation.ExperimentId)})",
        };
    }

    private Decision DecideAndExplain(TestVisitor visitor, string key)
    {
        var decision = _dataFile.Decide(key, visitor);
        var explained = _dataFile.Explain(key, visitor).Decision;
        _score.Other(
            $"{_name}, visitor {visitor.VisitorCode}, flag {key}, explained",
            "as decided",
            explained == decision ? "as decided" : explained.ToString());
        return decision;
    }

    private void CompareWays(TestVisitor visitor)
    {
        var memo = new DecisionMemo();
        var together = _dataFile.DecideAll(visitor);
        var kept = memo.DecideAll(_dataFile, visitor, 0);
        foreach (var flag in _dataFile.Flags)
        {
            var alone = _dataFile.Decide(flag, visitor);
            var alike = together.MoveNext() && together.Current == alone
                && kept.MoveNext() && kept.Current == alone
                && memo.Decide(_dataFile, flag, visitor, 0) == alone;
            _score.Other(
                $"{_name}, visitor {visitor.VisitorCode}, flag {flag.Key}, together and from memory",
                "as alone",
                alike ? "as alone" : "otherwise");
        }
    }

    private static string Text(long? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static string Expected(JsonElement decision)
    {
        if (decision.Text("error") is { } error)
        {
            return error;
        }

        var ids = $"{decision.GetProperty("id").GetRawText()}/{decision.GetProperty("experimentId").GetRawText()}";
        return $"{decision.Text("key")} ({ids})";
    }

    private void CompareCodes(JsonElement codes)
    {
        foreach (var code in codes.EnumerateArray())
        {
            CompareWays(new TestVisitor(code.GetString()!));
        }

        var keys = _file.GetProperty("variationKeys").EnumerateArray().Select(key => key.GetString()!).ToArray();
        foreach (var flag in _file.Members("decisions"))
        {
            var expected = flag.Value.GetString()!;
            var next = 0;
            foreach (var code in codes.EnumerateArray())
            {
                var visitor = new TestVisitor(code.GetString()!);
                var digit = char.ToLowerInvariant(expected[next++]);
                var index = char.IsAsciiDigit(digit) ? digit - '0' : digit - 'a' + 10;
                _score.Decision(
                    $"{_name}, visitor {visitor.VisitorCode}, flag {flag.Name}",
                    keys[index],
                    DecideAndExplain(visitor, flag.Name).Variation.Key);
            }
        }
    }

    private static string EngineTrackingCode(VisitorRecord record)
    {
        var code = new StringBuilder("window.kameleoonQueue=window.kameleoonQueue||[];");
        foreach (var (experiment, runsInBrowser) in record.RunInBrowser)
        {
            var variation = record.Assignments[experiment].VariationId;
            var trigger = runsInBrowser ? "false" : "true";
            code.Append(null, $"{Push}(['Experiments.assignVariation',{experiment},{variation},true]);")
                .Append(null, $"{Push}(['Experiments.trigger',{experiment},{trigger}]);");
        }

        return code.ToString();
    }

    private static string Pushes(string code) =>
        string.Join('\n', code.Split(';', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
}
