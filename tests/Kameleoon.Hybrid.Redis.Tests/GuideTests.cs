using Microsoft.AspNetCore.OutputCaching;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>The code of docs/caching.md for several servers.</summary>
public sealed class GuideTests
{
    [Fact]
    public async Task The_output_cache_in_redis_stands_behind_the_limit()
    {
        var builder = WebApplication.CreateSlimBuilder();

        builder.Services.AddOutputCache(options =>
            options.AddKameleoonVariationPolicy("landing", ["checkout", "search"], TimeSpan.FromMinutes(5)));
        builder.Services.AddStackExchangeRedisOutputCache(options => options.Configuration = "redis:6379");
        builder.Services.AddKameleoonHybrid(builder.Configuration).AddOutputCacheTimeout();

        await using var app = builder.Build();
        app.Services.GetRequiredService<IOutputCacheStore>().GetType().Name.ShouldBe("BoundedOutputCacheStore");
    }
}
