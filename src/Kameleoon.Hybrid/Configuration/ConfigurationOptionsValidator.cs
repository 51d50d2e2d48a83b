using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The rules of the settings that say where the data file comes from.</summary>
internal sealed class ConfigurationOptionsValidator : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        var hour = TimeSpan.FromHours(1);
        var settings = options.Configuration;
        var least = TimeSpan.FromMilliseconds(10);
        problems.RequireKnown("Configuration:Mode", settings.Mode);
        problems.RequireKnown("Configuration:Start", settings.Start);
        problems.Require(settings.Start != StartMode.Require || options.StartTimeout > TimeSpan.Zero,
            "Kameleoon:Configuration:Start is Require, but Kameleoon:StartTimeout is 0, which leaves no time to get a "
            + "data file. Set it to 5 seconds or more.");
        problems.Require(settings.File is not "" && settings.LastGoodCopyFolder is not "",
            "Kameleoon:Configuration:File or Kameleoon:Configuration:LastGoodCopyFolder is empty. Set it to a path, or "
            + "leave it out.");
        problems.Require(settings.File is null || settings.Mode == ConfigurationMode.Polling,
            $"Kameleoon:Configuration:Mode is {settings.Mode}, but Kameleoon:Configuration:File names a file, which is "
            + "watched. Leave one of them out.");
        problems.RequireBetween("Configuration:StaleAfter",
            settings.StaleAfter ?? TimeSpan.FromDays(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        problems.RequireBetween("Configuration:RetryDelay", settings.RetryDelay, least, hour);
        problems.RequireBetween("Configuration:ReconnectDelay", settings.ReconnectDelay, least, hour);
        problems.RequireBetween("Configuration:MaxReconnectDelay", settings.MaxReconnectDelay, least, hour);
        problems.RequireBetween(
            "Configuration:HeartbeatTimeout", settings.HeartbeatTimeout, TimeSpan.FromSeconds(1), hour);
        return problems.Build();
    }
}
