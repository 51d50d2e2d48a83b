using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reads settings that stand under an old name, and reports those that are set differently under both names.
/// </summary>
/// <param name="section">The section of the settings.</param>
internal sealed class RenamedSettings(IConfiguration section)
    : IConfigureOptions<KameleoonOptions>, IValidateOptions<KameleoonOptions>
{
    private static readonly (string Old, string New)[] Names =
    [
        ("Endpoints:Events", "Endpoints:Stream"),
        ("Endpoints:Data", "Endpoints:Tracking"),
        ("Resilience:Data", "Resilience:Tracking"),
    ];

    /// <summary>Returns the present name of a setting.</summary>
    internal static string NewNameOf(string setting)
    {
        foreach (var (old, present) in Names)
        {
            if (setting.StartsWith(old, StringComparison.OrdinalIgnoreCase)
                && (setting.Length == old.Length || setting[old.Length] == ':'))
            {
                return present + setting[old.Length..];
            }
        }

        return setting;
    }

    /// <summary>Sets each option whose setting has only the old name.</summary>
    public void Configure(KameleoonOptions options)
    {
        var settings = FindOld()
            .Where(setting => section[setting.New] is null)
            .Select(setting => KeyValuePair.Create<string, string?>(setting.New, setting.Value))
            .ToList();
        if (settings.Count > 0)
        {
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Bind(options);
        }
    }

    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        foreach (var (oldName, newName, value) in FindOld())
        {
            problems.Require(
                section[newName] is not { } other || string.Equals(other, value, StringComparison.Ordinal),
                $"Kameleoon:{oldName} is '{value}', but Kameleoon:{newName} is '{section[newName]}'. They are the old and the "
                + $"new name of the same setting: remove Kameleoon:{oldName}.");
        }

        return problems.Build();
    }

    private IEnumerable<(string Old, string New, string Value)> FindOld() =>
        from names in Names
        let old = section.GetSection(names.Old)
        from setting in old.AsEnumerable()
        where setting.Value is not null
        let suffix = setting.Key[old.Path.Length..] // Empty, or what stands below the old name.
        select (names.Old + suffix, names.New + suffix, setting.Value);
}
