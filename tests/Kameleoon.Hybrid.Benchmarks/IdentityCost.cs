using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What it adds to a request that its user is signed in, linked and remembered.</summary>
/// <remarks>Budget: 1 microsecond above the same request without a store.</remarks>
internal static class IdentityCost
{
    internal static void Print(int rounds)
    {
        using var without = Create(withStore: false);
        using var with = Create(withStore: true);
        var plain = without.GetRequiredService<VisitorCodeResolver>();
        var linked = with.GetRequiredService<VisitorCodeResolver>();
        var context = Request();
        Resolve(linked, context, VisitorCodeSource.Linked);
        Resolve(plain, context, VisitorCodeSource.Cookie);

        var rotation = new Rotation();
        rotation.Add("visitor code of a cookie", () => Resolve(plain, context, VisitorCodeSource.Cookie));
        rotation.Add("the same of a linked, remembered user", () => Resolve(linked, context, VisitorCodeSource.Linked));
        rotation.Print(rounds);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Resolve(linked, context, VisitorCodeSource.Linked);
        Console.WriteLine($"allocated for the linked user: {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
    }

    private static void Resolve(VisitorCodeResolver resolver, HttpContext context, VisitorCodeSource expected)
    {
        var resolving = resolver.ResolveAsync(context);
        var resolved = resolving.IsCompletedSuccessfully ? resolving.Result : resolving.AsTask().GetAwaiter().GetResult();
        if (resolved.Source != expected)
        {
            throw new InvalidOperationException($"The code comes from {resolved.Source}.");
        }
    }

    private static DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext
        {
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "anna@example.com")], "test")),
        };
        context.Request.Headers.Cookie = "kameleoonVisitorCode=vc10ctbql0zpf4rw";
        return context;
    }

    private static ServiceProvider Create(bool withStore)
    {
        var services = new ServiceCollection();
        var kameleoon = services.AddLogging().AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.Identity.HashKey = "a secret of the benchmark, long enough";
            options.Identity.CacheDuration = TimeSpan.FromHours(1);
            options.Identity.Timeout = TimeSpan.FromSeconds(30); // the first query is compiled meanwhile
        });
        if (withStore)
        {
            kameleoon.AddSqliteStore("Data Source=identity-benchmark;Mode=Memory;Cache=Shared");
        }

        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ConfigurationStore>().Confirm(
            ConfigurationSnapshot.Of(
                new(DataFileSource.Memory, Encoding.UTF8.GetBytes("""{"configuration":{},"featureFlags":[]}""")), static _ => { }),
            TimeProvider.System.GetUtcNow());
        return provider;
    }
}
