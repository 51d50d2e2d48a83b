using System.Net;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The last good data file in the application's distributed cache.</summary>
public sealed class DistributedLastGoodCopyTests
{
    private static readonly DataFileKey Key = new("abcde12345", "production", "0123456789abcdef");
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));

    [Fact]
    public async Task A_server_without_a_disk_starts_during_an_outage_of_the_platform()
    {
        await using (var first = await StartAsync(new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Shop) }))
        {
            (await first.ReadAsync("/decide/checkout")).ShouldBe("on");
            await Eventually.IsTrueAsync(() => first.Metrics.Sum("kameleoon.configuration.copies", "outcome", "shared") == 1);
        }

        await using var second = await StartAsync(Dead());

        (await second.ReadAsync("/decide/checkout")).ShouldBe("on");
        second.Configuration.Source.ShouldBe(DataFileSource.LastGoodCopy);
    }

    [Fact]
    public async Task Another_environment_has_another_copy()
    {
        await using (var first = await StartAsync(new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Shop) }))
        {
            await Eventually.IsTrueAsync(() => first.Metrics.Sum("kameleoon.configuration.copies", "outcome", "shared") == 1);
        }

        await using var second = await StartAsync(Dead(), static options => options.Environment = "staging");

        second.Configuration.DataFile.ShouldBeNull();
    }

    [Fact]
    public async Task A_cache_that_fails_stops_no_start_and_is_logged_once()
    {
        var platform = new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Shop) };
        await using var site = await TestSite.StartAsync(
            Shared, platform: platform, services: static services => services.AddSingleton<IDistributedCache, BrokenCache>(),
            kameleoon: static kameleoon => kameleoon.AddDistributedLastGoodCopy());

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        site.Log.Texts(121).ShouldHaveSingleItem().ShouldContain("The cache is broken.");
    }

    [Fact]
    public async Task The_start_fails_without_a_distributed_cache()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => TestSite.StartAsync(
            Shared, platform: Dead(), kameleoon: static kameleoon => kameleoon.AddDistributedLastGoodCopy()));

        failure.Message.ShouldContain("IDistributedCache");
    }

    [Fact]
    public async Task A_copy_is_returned_as_it_was_stored_and_replaced_by_no_older_one()
    {
        var copy = new DistributedLastGoodCopy(_cache);
        var newer = Kept("2222", Now.AddDays(1), Now);

        (await copy.ReadAsync(Key, null, default)).ShouldBeNull();
        (await copy.WriteAsync(Key, newer, default)).ShouldBeTrue();
        (await copy.WriteAsync(Key, Kept("1111", Now, Now.AddHours(1)), default)).ShouldBeFalse();
        (await copy.WriteAsync(Key, Kept("1111", null, Now.AddHours(-1)), default)).ShouldBeFalse();

        var read = (await copy.ReadAsync(Key, null, default))!;
        (read with { Content = newer.Content }).ShouldBe(newer);
        read.Content!.Value.ToArray().ShouldBe(newer.Content!.Value.ToArray());
        (await copy.ReadAsync(Key with { Environment = "staging" }, null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_confirmation_is_stored_now_and_then_and_only_of_the_version_that_is_stored()
    {
        var copy = new DistributedLastGoodCopy(_cache);
        await copy.WriteAsync(Key, Kept("1111", null, Now), default);

        (await copy.ConfirmAsync(Key, Kept("2222", null, Now) with { Content = null }, default)).ShouldBeFalse();
        (await copy.ConfirmAsync(Key, Confirmation(Now.AddMinutes(1)), default)).ShouldBeTrue();
        (await copy.ReadAsync(Key, null, default))!.ConfirmedAt.ShouldBe(Now);
        (await copy.ConfirmAsync(Key, Confirmation(Now.AddMinutes(15)), default)).ShouldBeTrue();
        (await copy.ReadAsync(Key, null, default))!.ConfirmedAt.ShouldBe(Now.AddMinutes(15));
        (await copy.ConfirmAsync(Key, Confirmation(Now.AddMinutes(-1)), default)).ShouldBeTrue();
        (await copy.ReadAsync(Key, null, default))!.ConfirmedAt.ShouldBe(Now.AddMinutes(-1)); // The clock was set back.
        await _cache.RemoveAsync("kameleoon:datafile:" + Key);
        (await copy.ConfirmAsync(Key, Confirmation(Now.AddMinutes(31)), default)).ShouldBeFalse();

        static KeptDataFile Confirmation(DateTimeOffset at) => Kept("1111", null, at) with { Content = null };
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else")]
    [InlineData("kameleoon-copy 1\tabc\t\t\tyesterday\n{}")]
    [InlineData("kameleoon-copy 1\tabc\t\t\t2026-01-15T12:00:00.0000000+00:00\nno data file")]
    public async Task What_another_program_wrote_is_refused_and_replaced(string text)
    {
        await using (var first = await StartAsync(new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Shop) }))
        {
            await Eventually.IsTrueAsync(() => first.Metrics.Sum("kameleoon.configuration.copies", "outcome", "shared") == 1);
            var name = "kameleoon:datafile:" + first.App.Services.GetRequiredService<FarmStore>().Key;
            (await _cache.GetAsync(name)).ShouldNotBeNull();
            await _cache.SetStringAsync(name, text);
        }

        await using (var second = await StartAsync(new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Shop) }))
        {
            second.Log.Texts(110).ShouldHaveSingleItem();
            await Eventually.IsTrueAsync(() => second.Metrics.Sum("kameleoon.configuration.copies", "outcome", "shared") == 1);
        }

        await using var third = await StartAsync(Dead());
        (await third.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Fact]
    public void Ten_megabytes_take_a_tenth_of_it_and_are_the_same_afterwards()
    {
        var json = new byte[10 * 1024 * 1024];
        var line = """{"featureKey":"flag","environmentEnabled":true,"defaultVariationKey":"off"},"""u8;
        for (var at = 0; at + line.Length <= json.Length; at += line.Length)
        {
            line.CopyTo(json.AsSpan(at));
        }

        var packed = PackedDataFile.Pack(Key, json);

        packed.Length.ShouldBeLessThan(json.Length / 10);
        PackedDataFile.Unpack(Key, packed).AsSpan().SequenceEqual(json).ShouldBeTrue();
    }

    [Fact]
    public void A_damaged_or_foreign_content_is_refused_whatever_is_wrong_with_it()
    {
        var packed = PackedDataFile.Pack(Key, Encoding.UTF8.GetBytes(DataFiles.Shop));
        var header = packed.AsSpan().IndexOf((byte)'\n') + 1;
        byte[][] damaged =
        [
            [], packed[..header], packed[..(header + 40)], [.. packed[..header], 255, 255, 255, 255, .. packed[(header + 4)..]],
            [.. packed[..header], 255, 255, 255, 127, .. packed[(header + 4)..]], [.. packed[..(header + 4)], 255, 255, 255, 255, 255, 255],
        ];

        Array.TrueForAll(damaged, content => IsRefused(Key, content)).ShouldBeTrue();
        IsRefused(Key with { SiteCode = "other12345" }, packed).ShouldBeTrue();
        IsRefused(Key, packed).ShouldBeFalse();

        static bool IsRefused(DataFileKey key, byte[] content)
        {
            try
            {
                PackedDataFile.Unpack(key, content);
                return false;
            }
            catch (InvalidDataException)
            {
                return true;
            }
        }
    }

    private static StubPlatform Dead() => new() { DataFile = _ => new HttpResponseMessage(HttpStatusCode.Forbidden) };

    private static KeptDataFile Kept(string version, DateTimeOffset? modifiedAt, DateTimeOffset confirmedAt) =>
        new(version, new byte[] { 1, 2, 10, 3 }, "Thu, 01 Jan 2026 10:00:00 GMT", modifiedAt, confirmedAt);

    private static void Shared(KameleoonOptions options)
    {
        options.Configuration.LastGoodCopy = true;
        options.Configuration.LastGoodCopyFolder = "/dev/null/none";
    }

    private Task<TestSite> StartAsync(StubPlatform platform, Action<KameleoonOptions>? options = null) => TestSite.StartAsync(
        settings =>
        {
            Shared(settings);
            options?.Invoke(settings);
        },
        platform: platform,
        services: services => services.AddSingleton<IDistributedCache>(_cache),
        kameleoon: static kameleoon => kameleoon.AddDistributedLastGoodCopy());

    private sealed class BrokenCache : IDistributedCache
    {
        public byte[]? Get(string key) => throw Broken;

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => throw Broken;

        public void Refresh(string key) => throw Broken;

        public Task RefreshAsync(string key, CancellationToken token = default) => throw Broken;

        public void Remove(string key) => throw Broken;

        public Task RemoveAsync(string key, CancellationToken token = default) => throw Broken;

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw Broken;

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
            throw Broken;

        private static InvalidOperationException Broken => new("The cache is broken.");
    }
}
