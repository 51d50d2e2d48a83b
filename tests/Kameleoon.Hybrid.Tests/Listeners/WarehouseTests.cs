using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Warehouse;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The sample that copies exposures to a warehouse, against the mock cluster of Kafka's client library.</summary>
public sealed class WarehouseTests
{
    private const string Topic = "exposures";

    [Fact]
    public async Task Exposures_are_in_the_topic_with_the_same_key_for_the_same_exposure()
    {
        using var cluster = new ProducerBuilder<Null, string>(Mock()).Build();
        var servers = ServersOf(cluster);
        await using (var site = await StartAsync(servers))
        {
            await site.ReadAsAsync("anna", "/decide/checkout");
            await site.ReadAsAsync("ben", "/decide/checkout");
            await site.ReadAsAsync("anna", "/decide/checkout");
            await site.App.StopAsync();
        }

        var messages = await Task.Run(() => Read(servers, 3));

        messages.Select(message => message.Key).Order(StringComparer.Ordinal).ShouldBe([
            "abcde12345/anna/7001/81001", "abcde12345/anna/7001/81001", "abcde12345/ben/7001/81001",
        ]);
        messages.ShouldAllBe(message => message.Value.Contains("\"experimentId\":7001", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_broker_a_stand_in_keeps_each_exposure_once()
    {
        await using var site = await StartAsync(servers: null);

        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.App.StopAsync();

        site.App.Services.GetRequiredService<IExposureTopic>().ShouldBeOfType<MemoryTopic>()
            .Messages.ShouldHaveSingleItem().Key.ShouldBe("abcde12345/anna/7001/81001");
    }

    private static Task<TestSite> StartAsync(string? servers) => TestSite.StartAsync(
        options => options.ExposureBy = ExposureOwner.Server,
        platform: DataFiles.Serving(DataFiles.Shop),
        services: services => services.AddExposureTopic(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Kafka:BootstrapServers"] = servers, ["Kafka:Topic"] = Topic }).Build()),
        kameleoon: added => added.AddListener<ExposureListener>());

    private static ProducerConfig Mock()
    {
        var config = new ProducerConfig { BootstrapServers = "127.0.0.1:1" };
        config.Set("test.mock.num.brokers", "1");
        return config;
    }

    private static string ServersOf(IClient cluster)
    {
        using var admin = new DependentAdminClientBuilder(cluster.Handle).Build();
        return string.Join(',', admin.GetMetadata(HangGuard.Timeout).Brokers.Select(broker => $"{broker.Host}:{broker.Port}"));
    }

    private static List<Message<string, string>> Read(string servers, int count)
    {
        using var consumer = new ConsumerBuilder<string, string>(
            new ConsumerConfig { BootstrapServers = servers, GroupId = "warehouse", EnableAutoCommit = false }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        consumer.Assign(admin.GetMetadata(Topic, HangGuard.Timeout).Topics.Single().Partitions
            .Select(partition => new TopicPartitionOffset(Topic, partition.PartitionId, Offset.Beginning)));
        var messages = new List<Message<string, string>>();
        while (messages.Count < count)
        {
            messages.Add(consumer.Consume(HangGuard.Timeout).ShouldNotBeNull("The topic has fewer messages.").Message);
        }

        return messages;
    }
}
