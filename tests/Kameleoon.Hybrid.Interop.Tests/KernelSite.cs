using System.Globalization;
using System.Text;
using System.Text.Json;
using Kameleoon.Hybrid.Decisions;
using Kameleoon.Hybrid.Decisions.Tests;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>One generated site, decided by the kernel beside what the official core decided.</summary>
internal sealed class KernelSite
{
    private readonly JsonElement _site;
    private readonly DataFile _dataFile;
    private readonly VectorVisitors _visitors;
    private readonly string[] _featureKeys;

    internal KernelSite(JsonElement site)
    {
        _site = site;
        _dataFile = DataFile.Parse(Encoding.UTF8.GetBytes(site.GetProperty("dataFile").GetRawText()));
        _featureKeys = [.. site.Items("featureKeys").Select(static key => key.GetString()!)];
        var sdk = site.GetProperty("sdk");
        _visitors = new VectorVisitors(
            _dataFile,
            DateTimeOffset.FromUnixTimeMilliseconds(site.GetProperty("now").GetInt64()),
            sdk.Text("language")!,
            sdk.Text("version")!);
    }

    internal void Compare(JsonElement official, Agreement agreement)
    {
        foreach (var (entry, decided) in _site.Items("visitors").Zip(official.EnumerateArray()))
        {
            var visitor = _visitors.Get(entry.Text("visitorCode")!);
            Prepare(visitor, entry);
            foreach (var (key, expected) in _featureKeys.Zip(decided.EnumerateArray()))
            {
                var decision = IsValid(visitor) ? _dataFile.Decide(key, visitor) : default;
                var actual = IsValid(visitor) ? Text(decision) : "VisitorCodeInvalid";
                if (!agreement.Agrees(expected.GetString()!, actual))
                {
                    agreement.Describe(
                        $"flag {key}: the official core decides {expected}, the kernel {actual}",
                        $"visitor {entry.GetRawText()}",
                        _dataFile.Explain(key, visitor).ToString());
                }

                visitor.Save(decision);
            }
        }
    }

    private static bool IsValid(TestVisitor visitor) => RandomCodes.IsValid(visitor.VisitorCode);

    private static string Text(Decision decision)
    {
        var variation = decision.Variation;
        return decision switch
        {
            { Flag: null } => "FeatureNotFound",
            { IsDecided: false } => "FeatureEnvironmentDisabled",
            _ => $"{variation.Key} ({Text(variation.Id)}/{Text(variation.ExperimentId)})",
        };
    }

    private static string Text(long? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private void Prepare(TestVisitor visitor, JsonElement entry)
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

        foreach (var item in entry.Items("forced"))
        {
            Force(record, item);
        }

        if (entry.TryGetProperty("simulated", out var simulated))
        {
            record.IsKnown = true;
            record.Simulation = _dataFile.ReadSimulation(simulated.GetRawText());
        }
    }

    private void Force(VisitorRecord record, JsonElement item)
    {
        var experimentId = item.GetProperty("experimentId").GetInt64();
        if (item.Text("variationKey") is not { } key)
        {
            record.Forced.Remove(experimentId);
        }
        else if (_dataFile.TryForce(experimentId, key, item.GetProperty("forceTargeting").GetBoolean(), out var forced)
            == ForcedVariationResult.Forced)
        {
            record.IsKnown = true;
            record.Forced[experimentId] = forced!;
        }
    }
}
