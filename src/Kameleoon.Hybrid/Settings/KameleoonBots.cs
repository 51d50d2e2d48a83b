namespace Kameleoon.Hybrid;

/// <summary>Who is taken for a bot, and so is not counted.</summary>
public sealed class KameleoonBots
{
    /// <summary>Whether bots are told from people. Default: everywhere but in the environment called Development, where
    /// headless browsers and tools are developers' own. Elsewhere headless browsers announce themselves and are bots:
    /// exclude them where tests drive the application.</summary>
    public bool? Detect { get; set; }

    /// <summary>Parts of user agents that make a bot, whatever the detector says. Compared without regard to case; 2 to
    /// 200 characters each. Default none.</summary>
    public IList<string> Include { get; } = [];

    /// <summary>Parts of user agents that make a person, whatever else is in it, for example the name of the site's own
    /// mobile application. Compared without regard to case; 2 to 200 characters each. Default none.</summary>
    public IList<string> Exclude { get; } = [];
}
