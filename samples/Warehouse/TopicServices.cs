namespace Warehouse;

/// <summary>Registers the topic.</summary>
public static class TopicServices
{
    /// <summary>Adds the topic <c>Kafka:Topic</c> of the brokers <c>Kafka:BootstrapServers</c>, or a stand-in in memory where
    /// none are named.</summary>
    public static void AddExposureTopic(this IServiceCollection services, IConfiguration configuration)
    {
        var servers = configuration["Kafka:BootstrapServers"];
        var name = configuration["Kafka:Topic"] ?? "kameleoon.exposures";
        if (string.IsNullOrEmpty(servers))
        {
            services.AddSingleton<IExposureTopic, MemoryTopic>();
        }
        else
        {
            services.AddSingleton<IExposureTopic>(provider =>
                new KafkaTopic(servers, name, provider.GetRequiredService<ILogger<KafkaTopic>>()));
        }
    }
}
