using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid;

/// <summary>Reads a file of <c>key = value</c> lines, and translates its keys to the names of the library's settings.</summary>
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

    /// <summary>Returns the setting that has the same meaning, or null when the library has none or the value is empty.
    /// </summary>
    /// <exception cref="FormatException">The value must be a whole number and is not.</exception>
    private (string Name, string Value)? Translate(string key, string value, int line) => value.Length == 0
        ? null
        : TranslateTime(key, value, line) ?? TranslateText(key, value);

    private (string Name, string Value)? TranslateTime(string key, string value, int line) => key switch
    {
        "refresh_interval_minute" => ("RefreshInterval", Minutes(Number(key, value, line))),
        "session_duration_minute" => ("SessionDuration", Minutes(Number(key, value, line))),
        "default_timeout_millisecond" => ("RequestTimeout", Milliseconds(Number(key, value, line))),

        // The official SDK accepts other intervals too, and clamps them.
        "tracking_interval_millisecond" =>
            ("TrackingInterval", Milliseconds(Math.Clamp(Number(key, value, line), 1000, 5000))),
        _ => null,
    };

    private static (string Name, string Value)? TranslateText(string key, string value) => key switch
    {
        "client_id" => ("ClientId", value),
        "client_secret" => ("ClientSecret", value),
        "environment" => ("Environment", value),
        "top_level_domain" when value is not "localhost" => ("Cookie:Domain", value), // Browsers reject this domain.
        "proxy_host" => ("Proxy", value.Contains("://", StringComparison.Ordinal) ? value : "http://" + value),
        "network_domain" => ("NetworkDomain", value),
        _ => null,
    };

    private int Number(string key, string value, int line) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source.Path}, line {line}: {key} is '{value}', which is not a whole number."));

    private static string Minutes(int number) => Time(TimeSpan.FromMinutes(number));

    private static string Milliseconds(int number) => Time(TimeSpan.FromMilliseconds(number));

    private static string Time(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
