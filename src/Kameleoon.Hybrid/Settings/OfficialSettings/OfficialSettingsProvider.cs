using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid;

/// <summary>Reads a file of <c>key = value</c> lines and gives each setting our name for it.</summary>
internal sealed class OfficialSettingsProvider(OfficialSettingsSource source) : FileConfigurationProvider(source)
{
    public override void Load(Stream stream)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        using var reader = new StreamReader(stream);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (Split(line) is var (key, value) && Translate(key, value, number) is var (name, setting))
            {
                settings[ConfigurationPath.Combine(source.Section, name)] = setting;
            }
        }

        Data = settings;
    }

    private static (string Key, string Value)? Split(string line)
    {
        var text = line.Trim();
        var end = text.AsSpan().IndexOfAny('=', ':');
        return text.Length == 0 || text[0] is '#' or '!' || end < 0
            ? null
            : (text[..end].TrimEnd(), text[(end + 1)..].TrimStart());
    }

    // What is empty is not set. The official SDK takes localhost for a domain, and shorter intervals than it keeps.
    private (string Name, string Value)? Translate(string key, string value, int line) => key switch
    {
        _ when value.Length == 0 => null,
        "top_level_domain" when value is "localhost" => null,
        "client_id" => ("ClientId", value),
        "client_secret" => ("ClientSecret", value),
        "environment" => ("Environment", value),
        "refresh_interval_minute" => ("RefreshInterval", Time(TimeSpan.FromMinutes(Number(key, value, line)))),
        "session_duration_minute" => ("SessionDuration", Time(TimeSpan.FromMinutes(Number(key, value, line)))),
        "default_timeout_millisecond" => ("RequestTimeout", Time(TimeSpan.FromMilliseconds(Number(key, value, line)))),
        "tracking_interval_millisecond" => ("TrackingInterval", Time(TimeSpan.FromMilliseconds(Math.Clamp(Number(key, value, line), 1000, 5000)))),
        "top_level_domain" => ("Cookie:Domain", value),
        "proxy_host" => ("Proxy", value.Contains("://", StringComparison.Ordinal) ? value : "http://" + value),
        "network_domain" => ("NetworkDomain", value),
        _ => null,
    };

    private int Number(string key, string value, int line) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException(
            $"{source.Path}, line {line.ToString(CultureInfo.InvariantCulture)}: {key} is '{value}', which is no whole number.");

    private static string Time(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
