using Confluent.Kafka;

namespace Warehouse;

/// <summary>The topic in Kafka. The producer is idempotent: a message that it retries is stored once and in order.</summary>
public sealed partial class KafkaTopic : IExposureTopic, IDisposable
{
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(10);

    private readonly IProducer<string, string> _producer;
    private readonly string _name;
    private readonly ILogger<KafkaTopic> _logger;

    public KafkaTopic(string servers, string name, ILogger<KafkaTopic> logger)
    {
        (_name, _logger) = (name, logger);
        _producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = servers,
            EnableIdempotence = true,
            Acks = Acks.All,
        }).Build();
    }

    public async ValueTask AddAsync(TopicMessage message, CancellationToken cancellationToken)
    {
        while (!TryAdd(message))
        {
            // The producer's own queue is full. The listener waits, and its queue takes what arrives meanwhile.
            await Task.Run(() => _producer.Flush(cancellationToken), cancellationToken);
        }
    }

    public void Dispose()
    {
        _producer.Flush(LongestFlush);
        _producer.Dispose();
    }

    private bool TryAdd(TopicMessage message)
    {
        try
        {
            _producer.Produce(_name, new Message<string, string>
            {
                Key = message.Key,
                Value = message.Value,
                Timestamp = new Timestamp(message.Time),
            }, Delivered);
            return true;
        }
        catch (ProduceException<string, string> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private void Delivered(DeliveryReport<string, string> report)
    {
        if (report.Error.IsError)
        {
            LogLost(_logger, report.Error.Reason);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "An exposure did not reach Kafka: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);
}
