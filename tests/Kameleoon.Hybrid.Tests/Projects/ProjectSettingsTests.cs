using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using static Kameleoon.Hybrid.Tests.TwoProjects;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The settings of a project are its own, and wrong ones stop the start.</summary>
public sealed class ProjectSettingsTests
{
    private readonly TwoProjects _projects = new();

    [Fact]
    public async Task The_default_project_gets_all_hosts_and_says_so_where_it_is_given_some() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => _projects.StartAsync(options => options.Hosts.Add("a.example.com"))))
            .Message.ShouldContain("Kameleoon:Hosts is set");

    [Theory]
    [InlineData("https://b.example.com")]
    [InlineData("b.example.com:8080")]
    [InlineData("*")]
    public async Task A_host_that_no_request_can_have_stops_the_start(string host)
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() => _projects.StartAsync(brand: options => options.Hosts.Add(host)));

        failure.Message.ShouldContain($"Kameleoon:Projects:b:Hosts has '{host}'");
    }

    [Fact]
    public async Task Settings_come_from_the_project_s_own_section()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kameleoon:SiteCode"] = "abcde12345",
            ["Kameleoon:Projects:b:SiteCode"] = "brandb",
            ["Kameleoon:Projects:b:Hosts:0"] = "b.example.com",
            ["Kameleoon:Projects:b:Configuration:LastGoodCopy"] = "false",
        }).Build();
        await using var site = await TestSite.StartAsync(services: services =>
            TestSite.Connect(services.AddKameleoonHybrid("b", settings), _projects.Other));

        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
    }

    [Fact]
    public async Task A_project_keeps_its_data_file_in_the_application_s_store_under_a_key_of_its_own()
    {
        var copies = new KeptKeys();
        await using var site = await _projects.StartAsync(
            services: services => services.AddSingleton<ILastGoodCopy>(copies),
            brand: static options =>
            {
                options.Environment = "staging";
                options.Configuration.LastGoodCopy = true;
                options.Configuration.LastGoodCopyFolder = "/dev/null/none";
            });

        await Eventually.IsTrueAsync(() => !copies.Written.IsEmpty);

        var key = copies.Written.ShouldHaveSingleItem();
        (key.SiteCode, key.Environment).ShouldBe(("brandb", "staging"));
    }

    [Fact]
    public async Task A_project_stores_its_events_in_the_application_s_outbox_within_its_own_limit()
    {
        var outbox = new KeptBatches();
        await using var site = await _projects.StartAsync(
            services: services => services.AddSingleton<ITrackingOutbox>(outbox),
            brand: static options => options.Tracking.MaxOutboxBytes = 5_000_000);

        await site.ReadAsync("/decide/checkout", Anna);
        await site.ReadAsync("/decide/basket", Anna, BrandB);
        await site.App.StopAsync();

        outbox.Stored.Select(static batch => (batch.SiteCode, batch.MaxOutboxBytes)).Distinct()
            .ShouldBe([("abcde12345", null), ("brandb", 5_000_000L)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_wrong_setting_of_a_project_stops_the_start_and_says_where_it_stands()
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() => _projects.StartAsync(brand: options => options.SiteCode = ""));

        failure.Message.ShouldContain("Kameleoon:Projects:b:SiteCode is empty");
    }

    [Fact]
    public async Task A_host_of_two_projects_stops_the_start()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => _projects.StartAsync(services: services =>
            services.AddKameleoonHybrid("c", options => (options.SiteCode, _) = ("brandc", Add(options.Hosts, "B.example.com")))));

        failure.Message.ShouldContain("both name 'B.example.com'");
    }

    private static bool Add(IList<string> hosts, string host)
    {
        hosts.Add(host);
        return true;
    }

    private sealed class KeptBatches : ITrackingOutbox
    {
        internal ConcurrentQueue<TrackingBatch> Stored { get; } = [];

        public Task StoreAsync(TrackingBatch batch, TimeSpan lease, CancellationToken cancellationToken)
        {
            Stored.Enqueue(batch);
            return Task.CompletedTask;
        }

        public Task<TrackingBatch?> ClaimAsync(string siteCode, TimeSpan lease, CancellationToken cancellationToken) =>
            Task.FromResult<TrackingBatch?>(null);

        public Task CompleteAsync(Guid batchId, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ReleaseAsync(Guid batchId, TimeSpan delay, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<TrackingBacklog> GetBacklogAsync(string siteCode, CancellationToken cancellationToken) =>
            Task.FromResult(new TrackingBacklog(0, null));
    }

    private sealed class KeptKeys : ILastGoodCopy
    {
        internal ConcurrentQueue<DataFileKey> Written { get; } = [];

        public Task<KeptDataFile?> ReadAsync(DataFileKey key, string? knownVersion, CancellationToken cancellationToken) =>
            Task.FromResult<KeptDataFile?>(null);

        public Task<bool> WriteAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken)
        {
            Written.Enqueue(key);
            return Task.FromResult(true);
        }

        public Task<bool> ConfirmAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken) =>
            Task.FromResult(true);
    }
}
