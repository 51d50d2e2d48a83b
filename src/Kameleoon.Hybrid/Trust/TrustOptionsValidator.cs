using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Validates how experiments and visitor codes are watched.</summary>
internal sealed class TrustOptionsValidator(IServiceProviderIsService? services = null) : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        CheckGuard(options.Trust.Guard, problems);
        problems.Require(!options.Trust.Guard.Enabled || services?.IsService(typeof(TrustMonitor)) != false,
            "Kameleoon:Trust:Guard:Enabled is true, but no experiment is watched, so no variation would be withheld. Call "
            + "AddKameleoonTrust() on what builder.Services.AddKameleoonHybrid(…) returned, or set it to false.");
        RequireShare("Sample", options.Trust.Sample, 0, 1, problems);
        problems.RequireKnown("Trust:Heal", options.Trust.Heal);
        return problems.Build();
    }

    private static void CheckGuard(KameleoonGuardOptions guard, OptionProblems problems)
    {
        var day = TimeSpan.FromDays(1);
        problems.RequireBetween("Trust:Guard:BreakFor", guard.BreakFor, TimeSpan.FromSeconds(10), day);
        problems.RequireBetween("Trust:Guard:MaxBreakFor", guard.MaxBreakFor, guard.BreakFor, 7 * day);
        problems.RequireBetween("Trust:Guard:SlowBy", guard.SlowBy, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        problems.RequireBetween("Trust:Guard:ProbeVisitors", guard.ProbeVisitors, 10, 10_000);
        RequireShare("Guard:ProbeShare", guard.ProbeShare, 0.001, 0.5, problems);
        RequireShare("Guard:ErrorIncrease", guard.ErrorIncrease, 0.001, 1, problems);
        RequireShare("Guard:SlowIncrease", guard.SlowIncrease, 0.01, 1, problems);
    }

    // Not a number fails every comparison.
    private static void RequireShare(string setting, double value, double least, double most, OptionProblems problems) =>
        problems.Require(value >= least && value <= most, string.Create(CultureInfo.InvariantCulture,
            $"Kameleoon:Trust:{setting} is {value}. Set it to a number from {least} to {most}."));
}
