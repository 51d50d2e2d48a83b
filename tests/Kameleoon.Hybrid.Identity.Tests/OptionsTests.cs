using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Wrong settings stop the start with a sentence that names setting and fix.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void Without_a_secret_user_ids_are_stored_only_where_that_is_said()
    {
        Problem(identity => identity.HashKey = null).ShouldContain("Kameleoon:Identity:HashKey is missing");
        Problem(identity => (identity.HashKey, identity.StorePlainUserIds) = (null, true)).ShouldBeEmpty();
        Problem(identity => identity.HashKey = null, hasStore: false).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("short", "Kameleoon:Identity:HashKey has 5 characters")]
    [InlineData("", "Kameleoon:Identity:HashKey has 0 characters")]
    public void A_secret_that_can_be_guessed_is_refused(string key, string sentence) =>
        Problem(identity => identity.HashKey = key).ShouldContain(sentence);

    [Fact]
    public void Times_sizes_and_policies_have_ranges()
    {
        Problem(identity => identity.Timeout = TimeSpan.Zero).ShouldContain("Kameleoon:Identity:Timeout");
        Problem(identity => identity.CacheSize = -1).ShouldContain("Kameleoon:Identity:CacheSize");
        Problem(identity => identity.CacheDuration = TimeSpan.Zero).ShouldContain("Kameleoon:Identity:CacheDuration");
        Problem(identity => identity.NegativeCacheDuration = TimeSpan.FromDays(1))
            .ShouldContain("Kameleoon:Identity:NegativeCacheDuration");
        Problem(identity => identity.SignIn = (SignInPolicy)9).ShouldContain("Kameleoon:Identity:SignIn");
        Problem(identity => identity.SignOut = (SignOutPolicy)9).ShouldContain("Kameleoon:Identity:SignOut");
        Problem(identity => identity.Mapping = (MappingIdentifier)9).ShouldContain("Kameleoon:Identity:Mapping");
        Problem(identity => identity.UserIdClaim = "").ShouldContain("Kameleoon:Identity:UserIdClaim");
    }

    [Fact]
    public async Task Endpoints_without_a_store_name_the_missing_call()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddKameleoonHybrid(options => options.SiteCode = "abcde12345");
        await using var app = builder.Build();

        Should.Throw<InvalidOperationException>(() => app.MapKameleoonIdentity()).Message.ShouldContain("AddSqliteStore");
    }

    [Fact]
    public void Every_service_can_be_built_and_lives_as_long_as_it_should()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKameleoonHybrid(options => options.SiteCode = "s").AddSqliteStore("Data Source=:memory:");

        Should.NotThrow(() => services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }).Dispose());
    }

    [Fact]
    public async Task Of_several_databases_the_last_counts_and_its_commands_are_traced_once()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKameleoonHybrid(options => (options.SiteCode, options.Identity.StorePlainUserIds) = ("s", true))
            .AddPostgreSqlStore("Host=127.0.0.1;Port=1;Username=x;Database=x")
            .AddSqliteStore("Data Source=:memory:");
        await using var provider = services.BuildServiceProvider();

        await using var context = await provider.GetRequiredService<KameleoonDatabase>().OpenAsync(CancellationToken.None);

        context.Database.IsSqlite().ShouldBeTrue();
        var interceptors = context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()!.Interceptors!.ToList();
        interceptors.OfType<CommandTraces>().ShouldHaveSingleItem();
        interceptors.Count.ShouldBe(2);
    }

    private static string Problem(Action<KameleoonIdentityOptions> configure, bool hasStore = true)
    {
        var services = new ServiceCollection();
        var kameleoon = services.AddLogging().AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.Identity.HashKey = new string('k', 32);
            configure(options.Identity);
        });
        if (hasStore)
        {
            kameleoon.AddSqliteStore("Data Source=:memory:");
        }

        using var provider = services.BuildServiceProvider();
        try
        {
            return provider.GetRequiredService<IOptions<KameleoonOptions>>().Value is null ? "none" : "";
        }
        catch (OptionsValidationException e)
        {
            return e.Message;
        }
    }
}
