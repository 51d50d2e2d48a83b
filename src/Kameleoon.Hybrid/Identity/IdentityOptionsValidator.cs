using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Validates the settings of signed-in users.</summary>
internal sealed class IdentityOptionsValidator(IServiceProviderIsService? services = null) : IValidateOptions<KameleoonOptions>
{
    private const int MinKeyLength = 32;
    private const int MaxCacheSize = 10_000_000;

    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        var identity = options.Identity;
        problems.RequireKnown("Identity:SignIn", identity.SignIn);
        problems.RequireKnown("Identity:SignOut", identity.SignOut);
        problems.RequireKnown("Identity:Mapping", identity.Mapping);
        problems.RequireBetween(
            "Identity:Timeout", identity.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        problems.RequireBetween("Identity:CacheSize", identity.CacheSize, 0, MaxCacheSize);
        problems.RequireBetween(
            "Identity:CacheDuration", identity.CacheDuration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        problems.RequireBetween(
            "Identity:NegativeCacheDuration", identity.NegativeCacheDuration, TimeSpan.Zero, TimeSpan.FromHours(1));
        problems.Require(identity.UserIdClaim is null or { Length: > 0 },
            "Kameleoon:Identity:UserIdClaim is empty. Set it to the type of the claim that holds the user id, or leave it "
            + "out for the name identifier.");
        problems.Require(identity.HashKey is null || identity.HashKey.Length >= MinKeyLength,
            $"Kameleoon:Identity:HashKey has {identity.HashKey?.Length} characters. Set it to a secret of at least "
            + $"{MinKeyLength}, such as 'openssl rand -base64 32' gives.");
        problems.Require(
            identity.HashKey is not null
                || identity.StorePlainUserIds
                || services?.IsService(typeof(IVisitorLinkStore)) != true,
            "Kameleoon:Identity:HashKey is missing, so user ids cannot be hashed before they are stored. Set it to a secret "
            + "that all servers share, such as 'openssl rand -base64 32' gives, or set Kameleoon:Identity:StorePlainUserIds "
            + "to true.");
        return problems.Build();
    }
}
