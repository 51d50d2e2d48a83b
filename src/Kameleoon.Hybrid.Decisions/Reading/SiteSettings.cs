namespace Kameleoon.Hybrid.Decisions;

/// <summary>The settings of a site: consent, streaming and the host for events.</summary>
internal sealed class SiteSettings
{
    private string? _optOutBehavior;

    internal bool RealTimeUpdate { get; private set; }

    internal bool ConsentRequired { get; private set; }

    internal bool RefusalBlocksEverything => _optOutBehavior is "FULLY_BLOCK";

    internal string? UnknownOptOutBehavior =>
        _optOutBehavior is null or "PARTIALLY_BLOCK" or "FULLY_BLOCK" ? null : _optOutBehavior;

    internal string? DataApiDomain { get; private set; }

    internal static SiteSettings? Read(ref JsonCursor json)
    {
        if (!json.EnterObject())
        {
            return null;
        }

        var configuration = new SiteSettings();
        while (json.NextMember())
        {
            configuration.ReadMember(ref json);
        }

        return configuration;
    }

    private void ReadMember(ref JsonCursor json)
    {
        if (json.NameEquals("realTimeUpdate"u8))
        {
            RealTimeUpdate = json.ReadBoolean() ?? false;
        }
        else if (json.NameEquals("consentType"u8))
        {
            ConsentRequired = json.ReadText() is "REQUIRED";
        }
        else if (json.NameEquals("consentOptOutBehavior"u8))
        {
            _optOutBehavior = json.ReadText();
        }
        else if (json.NameEquals("dataApiDomain"u8))
        {
            DataApiDomain = json.ReadText() is { Length: > 0 } domain ? domain : null;
        }
        else
        {
            json.SkipMember();
        }
    }
}
