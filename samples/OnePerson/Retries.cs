using System.Net;

namespace OnePerson;

/// <summary>Sends a request again when the back end answers 429 or 503, or does not answer: after the time that the answer
/// names, or else after 1, 2, 4 and 8 seconds.</summary>
/// <remarks>A real application also keeps what is not sent yet, so that it is not lost when the phone is switched off.
/// </remarks>
internal sealed class Retries(TimeProvider clock) : DelegatingHandler(new SocketsHttpHandler())
{
    private const int Attempts = 5;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10); // HttpClient gives up after 100 in all.

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wait = TimeSpan.FromSeconds(1 << (attempt - 1));
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (attempt == Attempts
                    || response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    return response;
                }

                wait = response.Headers.RetryAfter?.Delta is { } asked && asked < LongestWait ? asked : wait;
                response.Dispose();
            }
            catch (HttpRequestException) when (attempt < Attempts)
            {
                // No connection, as in a tunnel.
            }

            await Task.Delay(wait, clock, cancellationToken);
        }
    }
}
