namespace Kameleoon.Hybrid;

/// <summary>Publishes each request of an HTTP client to the listeners.</summary>
internal sealed class ListenedHandler(PlatformRequestKind kind, ListenerFeed listeners, TimeProvider clock) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        listeners.IsOn ? SendListenedAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendListenedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            Publish(start, (int)response.StatusCode, errorType: null);
            return response;
        }
        catch (Exception e)
        {
            Publish(start, status: null, ErrorType.Of(e));
            throw;
        }
    }

    private void Publish(long start, int? status, string? errorType) => listeners.Publish(new PlatformRequestEvent
    {
        Time = listeners.Now,
        SiteCode = listeners.SiteCode,
        Kind = kind,
        Status = status,
        Duration = clock.GetElapsedTime(start),
        ErrorType = errorType,
    });
}
