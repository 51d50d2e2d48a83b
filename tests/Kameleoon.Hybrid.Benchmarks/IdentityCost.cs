using System.Security.Claims;
using System.Text;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What it adds to a request that its user is signed in, linked and remembered.</summary>
/// <remarks>Budget: 1 microsecond above the same request without a store.</remarks>
internal static class IdentityCost
{
    private const string Code = "vc10ctbql0zpf4rw";

    internal static void Print(int rounds)
    {
        var file = Path.GetTempFileName();
        using var without = Create(file: null);
        using var with = Create(file);
        var plain = without.GetRequiredService<VisitorCodeResolver>();
        var linked = with.GetRequiredService<VisitorCodeResolver>();
        var context = Request();
        with.GetRequiredService<IKameleoonIdentity>().LinkAsync("anna@example.com", Code).AsTask().GetAwaiter().GetResult();

        var rotation = new Rotation();
        rotation.Add("visitor code of a cookie", () => Resolve(plain, context, VisitorCodeSource.Cookie));
        rotation.Add("the same of a linked, remembered user", () => Resolve(linked, context, VisitorCodeSource.Linked));
        rotation.Print(rounds);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Resolve(linked, context, VisitorCodeSource.Linked);
        Console.WriteLine($"allocated for the linked user: {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
        File.Delete(file);
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
        context.Request.Headers.Cookie = "kameleoonVisitorCode=" + Code;
        context.Request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"; // without one it is a bot
        return context;
    }

    private static ServiceProvider Create(string? file)
    {
        var services = new ServiceCollection();
        var kameleoon = services.AddLogging().AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.Identity.HashKey = "a secret of the benchmark, long enough";
            options.Identity.CacheDuration = TimeSpan.FromHours(1);
            options.Identity.Timeout = TimeSpan.FromSeconds(30); // the first query is compiled meanwhile
        });
        if (file is not null)
        {
            kameleoon.AddSqliteStore($"Data Source={file};Pooling=False");
        }

        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ConfigurationStore>().Confirm(
            ConfigurationSnapshot.Of(
                new(DataFileSource.Memory, Encoding.UTF8.GetBytes("""{"configuration":{},"featureFlags":[]}""")), static _ => { }),
            TimeProvider.System.GetUtcNow());
        return provider;
    }
}
