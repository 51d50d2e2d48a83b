using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Validates timeouts, retries and circuit breakers.</summary>
internal sealed class ResilienceOptionsValidator : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        Check("Configuration", options.Resilience.Configuration, problems);
        Check("Tracking", options.Resilience.Tracking, problems);
        Check("Remote", options.Resilience.Remote, problems);
        Check("Api", options.Resilience.Api, problems);
        return problems.Build();
    }

    private static void Check(string endpoint, KameleoonEndpointResilienceOptions settings, OptionProblems problems)
    {
        var (minute, hour) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        var place = "Resilience:" + endpoint;
        var (least, half) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500));
        problems.RequireBetween(place + ":AttemptTimeout", settings.AttemptTimeout ?? minute, least, minute);
        problems.RequireBetween(place + ":TotalTimeout", settings.TotalTimeout ?? minute, least, 10 * minute);
        problems.RequireBetween(place + ":Retries", settings.Retries, 0, 10);
        problems.RequireBetween(place + ":RetryDelay", settings.RetryDelay, TimeSpan.FromMilliseconds(1), minute);
        problems.RequireBetween(place + ":MaxRetryAfter", settings.MaxRetryAfter, TimeSpan.Zero, 5 * minute);
        problems.Require(settings.BreakRatio is > 0 and <= 1, string.Create(CultureInfo.InvariantCulture,
            $"Kameleoon:{place}:BreakRatio is {settings.BreakRatio}. Set it to a number above 0, up to 1."));
        problems.RequireBetween(place + ":BreakAttempts", settings.BreakAttempts, 2, 10_000);
        problems.RequireBetween(place + ":BreakWindow", settings.BreakWindow, half, hour);
        problems.RequireBetween(place + ":BreakDuration", settings.BreakDuration, half, hour);
    }
}
