using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>The visitors of one vector file: adds data items and links codes as the official SDKs do.</summary>
internal sealed class VectorVisitors(DataFile dataFile, DateTimeOffset now, string sdkLanguage, string sdkVersion)
{
    private readonly Dictionary<string, VisitorRecord> _records = new(StringComparer.Ordinal);

    internal TestVisitor Get(string code)
    {
        if (!_records.TryGetValue(code, out var record))
        {
            record = new VisitorRecord
            {
                Now = now,
                CurrentVisitStart = now.AddSeconds(-1),
                SdkLanguage = sdkLanguage,
                SdkVersion = sdkVersion,
            };
            _records.Add(code, record);
        }

        return new TestVisitor(code, record);
    }

    internal void Add(TestVisitor visitor, JsonElement item)
    {
        var record = visitor.Record;
        record.IsKnown = true;
        switch (item.GetProperty("type").GetString())
        {
            case "CustomData":
                AddCustomData(visitor, item);
                break;
            case "Device":
                record.Device = Parse<DeviceType>(item.Text("device"));
                break;
            case "Browser":
                record.Browser = new VisitorBrowser(
                    Parse<BrowserType>(item.Text("browser")),
                    item.TryGetProperty("version", out var version) ? version.GetSingle() : null);
                break;
            case "OperatingSystem":
                record.OperatingSystem = Parse<OperatingSystemType>(item.Text("os"));
                break;
            case "Geolocation":
                record.Location = new VisitorLocation(
                    item.Text("country")!, item.Text("region"), item.Text("city"));
                break;
            case "Cookie":
                record.Cookies = [.. item.GetProperty("cookies").EnumerateObject()
                    .Select(cookie => KeyValuePair.Create(cookie.Name, cookie.Value.GetString()!))];
                break;
            case "PageView":
                record.View(item.Text("url")!, item.Text("title"));
                break;
            case "ApplicationVersion":
                record.ApplicationVersion = item.Text("version");
                break;
            default:
                AddFromPlatform(record, item);
                break;
        }
    }

    private void AddFromPlatform(VisitorRecord record, JsonElement item)
    {
        switch (item.GetProperty("type").GetString())
        {
            case "Conversion":
                record.Conversions.Add((item.GetProperty("goalId").GetInt64(), now));
                break;
            case "Personalization":
                record.Personalizations[item.GetProperty("id").GetInt64()] = now;
                break;
            case "AssignedVariation":
                record.Assignments[item.GetProperty("experimentId").GetInt64()] =
                    new Assignment(item.GetProperty("variationId").GetInt64(), now);
                break;
            case "VisitorVisits":
                record.PreviousVisits = [.. item.GetProperty("previousVisits").EnumerateArray()
                    .Select(visit => visit.GetProperty("timeStarted").GetInt64())
                    .Select(DateTimeOffset.FromUnixTimeMilliseconds)];
                break;
            case "KcsHeat":
                foreach (var (moment, goal, score) in Scores(item))
                {
                    record.Likelihoods[(moment, goal)] = score;
                }

                break;
            case "CbScores":
                foreach (var scores in Scores(item).GroupBy(entry => entry.Outer))
                {
                    record.BanditScores[scores.Key] = scores.ToDictionary(entry => entry.Inner, entry => entry.Score);
                }

                break;
            case var unknown:
                throw new NotSupportedException($"Data items of type {unknown} are not known to this runner.");
        }
    }

    private void AddCustomData(TestVisitor visitor, JsonElement item)
    {
        var index = item.Text("name") is { } name
            ? dataFile.FindCustomData(name)?.Index
            : item.GetProperty("index").GetInt32();
        if (index is null)
        {
            return;
        }

        string[] values = [.. item.GetProperty("values").EnumerateArray().Select(value => value.GetString()!)];
        visitor.Record.CustomData[index.Value] = values;
        if (index == dataFile.MappingIndex && values is [{ Length: > 0 } person, ..])
        {
            visitor.Record.MappingIdentifier ??= visitor.VisitorCode;
            _records[person] = visitor.Record;
        }
    }

    private static IEnumerable<(long Outer, long Inner, double Score)> Scores(JsonElement item) =>
        from outer in item.GetProperty("values").EnumerateObject()
        from inner in outer.Value.EnumerateObject()
        select (Id(outer.Name), Id(inner.Name), inner.Value.GetDouble());

    private static long Id(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static T Parse<T>(string? name)
        where T : struct, Enum =>
        Enum.Parse<T>(name!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
