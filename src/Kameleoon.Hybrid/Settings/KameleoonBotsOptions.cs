namespace Kameleoon.Hybrid.Settings;

/// <summary>Which requests count as bots. Bots are not tracked.</summary>
public sealed class KameleoonBotsOptions
{
    /// <summary>Whether bots are detected. Default: in every environment except Development, where headless browsers
    /// and tools belong to developers. In other environments headless browsers count as bots: exclude them when tests
    /// drive the application.</summary>
    public bool? Detect { get; set; }

    /// <summary>Parts of user agents that mark a request as a bot, whatever the detector returns. Compared without
    /// regard to case; 2 to 200 characters each. Default none.</summary>
    public IList<string> Include { get; } = [];

    /// <summary>Parts of user agents that mark a request as a person, whatever else they contain, for example the name
    /// of the site's own mobile application. Compared without regard to case; 2 to 200 characters each. Default
    /// none.</summary>
    public IList<string> Exclude { get; } = [];
}
