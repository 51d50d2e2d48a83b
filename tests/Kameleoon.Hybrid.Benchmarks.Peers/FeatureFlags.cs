using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;

namespace Kameleoon.Hybrid.Benchmarks.Peers;

/// <summary>Microsoft.FeatureManagement with an equal set of flags: each assigns one of two variants by halves of the users,
/// behind an assignment to a user who does not ask.</summary>
internal sealed class FeatureFlags : IAsyncDisposable
{
    private static readonly string[] Testers = ["qa"];

    private readonly ServiceProvider _services;

    private FeatureFlags(ServiceProvider services)
    {
        _services = services;
        Features = services.GetRequiredService<IVariantFeatureManager>();
    }

    internal IVariantFeatureManager Features { get; }

    internal static FeatureFlags Create(int flags)
    {
        var settings = new
        {
            feature_management = new
            {
                feature_flags = Enumerable.Range(0, flags).Select(static flag => new
                {
                    id = BenchmarkSite.Key(flag),
                    enabled = true,
                    variants = new[] { new { name = "off" }, new { name = "on" } },
                    allocation = new
                    {
                        default_when_enabled = "off",
                        user = new[] { new { variant = "on", users = Testers } },
                        percentile = new[]
                        {
                            new { variant = "off", from = 0, to = 50 },
                            new { variant = "on", from = 50, to = 100 },
                        },
                        seed = BenchmarkSite.Key(flag),
                    },
                }),
            },
        };
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(settings))).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(configuration).AddFeatureManagement();
        return new FeatureFlags(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
