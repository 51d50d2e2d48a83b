using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid;

/// <summary>The settings file of the official C# SDK as a source of configuration.</summary>
internal sealed class OfficialSettingsSource : FileConfigurationSource
{
    internal string Section { get; init; } = "";

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new OfficialSettingsProvider(this);
    }
}
