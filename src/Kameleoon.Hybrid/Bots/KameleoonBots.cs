namespace Kameleoon.Hybrid;

/// <summary>Who is taken for a bot, and so is not counted.</summary>
public sealed class KameleoonBots
{
    /// <summary>Whether bots are told from people at all. Default true. Headless browsers announce themselves and are
    /// bots: switch it off, or exclude them, where tests drive the application.</summary>
    public bool Detect { get; set; } = true;

    /// <summary>Parts of user agents that make a bot, whatever the detector says. Compared without regard to case; 2 to
    /// 200 characters each. Default none.</summary>
    public IList<string> Include { get; } = [];

    /// <summary>Parts of user agents that make a person, whatever else is in it, for example the name of the site's own
    /// mobile application. Compared without regard to case; 2 to 200 characters each. Default none.</summary>
    public IList<string> Exclude { get; } = [];
}
