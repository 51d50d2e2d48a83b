using System.Net.ServerSentEvents;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Listens to the platform's event stream, which announces new data files.</summary>
/// <remarks>Each new connection requests one refresh, because announcements during a gap are lost.</remarks>
internal sealed class ConfigurationStream(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    ConfigurationStore store,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<ConfigurationStream> logger)
{
    private const string UpdateEvent = "configuration-update-event";

    // A stream that lasts this long resets the back-off. A stream that ends at once must not be reopened quickly.
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private readonly KameleoonOptions _options = options.Value;
    private readonly Backoff _backoff = new(
        options.Value.Configuration.ReconnectDelay,
        options.Value.Configuration.MaxReconnectDelay,
        jitter: 1,
        Random.Shared);

    private bool _isSilent;
    private long _newest = long.MinValue;

    // The official SDKs use the stream only if the data file enables it. The mode Streaming always uses it.
    private bool IsWanted => _options.Configuration.Mode == ConfigurationMode.Streaming
        || store.DataFile is { RealTimeUpdate: true };

    /// <summary>Listens until cancelled, and reconnects after failures.</summary>
    internal async Task ReadAsync(Action<long?> changed, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await UntilWantedAsync(cancellationToken);
            using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var watch = ChangeToken.OnChange(store.GetChangeToken, () =>
            {
                if (!IsWanted)
                {
                    unwanted.Cancel();
                }
            });
            var opened = clock.GetTimestamp();
            try
            {
                await ListenAsync(changed, unwanted.Token);
                Lost(new EndOfStreamException("The service ended the stream."));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Any failure is survivable: polling continues, and the next connection is tried later.
                if (unwanted.IsCancellationRequested)
                {
                    continue;
                }

                Lost(e);
            }

            if (clock.GetElapsedTime(opened) >= Steady)
            {
                _backoff.Reset();
            }

            await Task.Delay(_backoff.Next(), clock, cancellationToken);
        }
    }

    private async Task UntilWantedAsync(CancellationToken cancellationToken)
    {
        while (!IsWanted)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var watch = ChangeToken.OnChange(store.GetChangeToken, () => changed.TrySetResult());
            if (!IsWanted)
            {
                await changed.Task.WaitAsync(cancellationToken);
            }
        }
    }

    private async Task ListenAsync(Action<long?> changed, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoints.Stream);
        request.Headers.Accept.Add(new("text/event-stream"));
        request.Headers.CacheControl = new() { NoCache = true };
        using var client = clients.CreateClient(PlatformClients.Events);
        using var response = await OpenAsync(client, request, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var watched = new HeartbeatStream(body, _options.Configuration.HeartbeatTimeout, clock);
        using var connection = metrics.StreamOpened(_options.SiteCode);
        if (_isSilent)
        {
            _isSilent = false;
            logger.StreamRecovered(_options.SiteCode);
        }

        changed(null);
        await foreach (var item in SseParser.Create(watched).EnumerateAsync(cancellationToken))
        {
            watched.Heard();
            if (string.Equals(item.EventType, UpdateEvent, StringComparison.Ordinal))
            {
                Take(item.Data, changed);
            }
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(
        HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.RequestTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The service did not answer in time.", e);
        }

        if (response is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "text/event-stream" })
        {
            return response;
        }

        using (response)
        {
            response.EnsureSuccessStatusCode();
            throw new HttpRequestException(
                HttpRequestError.InvalidResponse,
                $"The service answered with {response.Content.Headers.ContentType?.ToString() ?? "no content type"} "
                + "instead of an event stream.");
        }
    }

    private void Take(string data, Action<long?> changed)
    {
        var announced = ConfigurationUpdate.TryRead(data);
        var outcome = announced switch
        {
            null => "malformed",
            _ when !announced.IsFor(_options.SiteCode) => "foreign",
            _ when announced.Timestamp < _newest => "outdated",
            _ => "accepted",
        };
        metrics.StreamEvent(_options.SiteCode, outcome);
        logger.StreamEvent(_options.SiteCode, outcome);
        if (outcome is "accepted")
        {
            _newest = announced!.Timestamp;
            changed(announced.Timestamp);
        }
    }

    private void Lost(Exception e)
    {
        metrics.StreamLost(_options.SiteCode, ErrorType.Of(e));
        if (!_isSilent)
        {
            _isSilent = true;
            logger.StreamLost(_options.SiteCode, ErrorText.Of(e));
        }
    }
}
