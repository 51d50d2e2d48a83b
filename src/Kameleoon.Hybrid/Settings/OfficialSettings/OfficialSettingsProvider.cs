using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid;

/// <summary>Reads a file of <c>key = value</c> lines, and translates its keys to the names of the library's settings.</summary>
internal sealed class OfficialSettingsProvider(OfficialSettingsSource source) : FileConfigurationProvider(source)
{
    private const int MinutesOfDay = 24 * 60;

    private readonly List<string> _problems = [];

    /// <summary>The values that are not used as they stand, a sentence each.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    public override void Load(Stream stream)
    {
        _problems.Clear();
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

    // The limits are those of the library's settings; the official SDK has a lower limit only, and for the tracking interval both.
    private (string Name, string Value)? TranslateTime(string key, string value, int line) => key switch
    {
        "refresh_interval_minute" => Translate("RefreshInterval", Read(key, value, line), Minutes, 1, MinutesOfDay),
        "session_duration_minute" => Translate("SessionDuration", Read(key, value, line), Minutes, 1, MinutesOfDay),
        "default_timeout_millisecond" => Translate("RequestTimeout", Read(key, value, line), Milliseconds, 100, 60_000),

        // The official SDK clamps every value of this one.
        "tracking_interval_millisecond" => Clamp("TrackingInterval", Read(key, value, line), Milliseconds, 1000, 5000),
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

    private OfficialNumber Read(string key, string value, int line) =>
        BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new OfficialNumber(key, number, line)
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source.Path}, line {line}: {key} is '{value}', which is not a whole number."));

    /// <summary>Returns the setting, or null when the official SDK would use its default.</summary>
    private (string Name, string Value)? Translate(
        string name, in OfficialNumber number, Func<int, string> time, int least, int most)
    {
        if (number.Value > 0)
        {
            return Clamp(name, number, time, least, most);
        }

        Report(number, $"must be above 0, so it is ignored");
        return null;
    }

    private (string Name, string Value) Clamp(
        string name, in OfficialNumber number, Func<int, string> time, int least, int most)
    {
        var used = (int)BigInteger.Clamp(number.Value, least, most);
        if (used != number.Value)
        {
            Report(number, $"can be {least} to {most} here, so it is {used}");
        }

        return (name, time(used));
    }

    private void Report(in OfficialNumber number, FormattableString consequence) => _problems.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"{source.Path}, line {number.Line}: {number.Key} is {number.Value}. It {FormattableString.Invariant(consequence)}."));

    private static string Minutes(int number) => Time(TimeSpan.FromMinutes(number));

    private static string Milliseconds(int number) => Time(TimeSpan.FromMilliseconds(number));

    private static string Time(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}

/// <summary>A number in the file.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OfficialNumber(string Key, BigInteger Value, int Line);
