namespace Kameleoon.Hybrid.Decisions;

/// <summary>The settings of a site.</summary>
internal sealed class Configuration
{
    private string? _optOutBehavior;

    internal bool RealTimeUpdate { get; private set; }

    internal bool ConsentRequired { get; private set; }

    internal bool RefusalBlocksEverything => _optOutBehavior is "FULLY_BLOCK";

    internal string? UnknownOptOutBehavior =>
        _optOutBehavior is null or "PARTIALLY_BLOCK" or "FULLY_BLOCK" ? null : _optOutBehavior;

    internal string? DataApiDomain { get; private set; }

    internal static Configuration? Read(ref JsonCursor json)
    {
        if (!json.EnterObject())
        {
            return null;
        }

        var configuration = new Configuration();
        while (json.NextMember())
        {
            configuration.ReadMember(ref json);
        }

        return configuration;
    }

    private void ReadMember(ref JsonCursor json)
    {
        if (json.Is("realTimeUpdate"u8))
        {
            RealTimeUpdate = json.Boolean() ?? false;
        }
        else if (json.Is("consentType"u8))
        {
            ConsentRequired = json.Text() is "REQUIRED";
        }
        else if (json.Is("consentOptOutBehavior"u8))
        {
            _optOutBehavior = json.Text();
        }
        else if (json.Is("dataApiDomain"u8))
        {
            DataApiDomain = json.Text() is { Length: > 0 } domain ? domain : null;
        }
        else
        {
            json.Ignore();
        }
    }
}
