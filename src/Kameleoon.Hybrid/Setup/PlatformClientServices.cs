using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Registers the HTTP clients that call the platform.</summary>
internal static class PlatformClientServices
{
    internal static void AddPlatformClients(this IServiceCollection services)
    {
        foreach (var name in PlatformClients.All)
        {
            services.AddHttpClient(name)
                .RemoveAllLoggers() // The framework logs four lines for each request. The library logs what matters itself.
                .ConfigureHttpClient(static http => http.Timeout = Timeout.InfiniteTimeSpan) // The resilience pipeline has the timeouts.
                .ConfigurePrimaryHttpMessageHandler(static provider => new SocketsHttpHandler
                {
                    AllowAutoRedirect = false, // A redirected POST would become a GET, without its events.
                    AutomaticDecompression = DecompressionMethods.All,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    Proxy = ProxyOf(provider.GetRequiredService<IOptions<KameleoonOptions>>().Value),
                });
        }

        foreach (var name in PlatformClients.Answering)
        {
            services.AddHttpClient(name).AddHttpMessageHandler(provider => new ResilienceHandler(
                name,
                provider.GetRequiredService<PlatformPipelines>().Of(name),
                provider.GetRequiredService<KameleoonMetrics>()));
        }
    }

    private static WebProxy? ProxyOf(KameleoonOptions options) => options.Proxy is { } address
        ? new WebProxy(address)
        {
            Credentials = address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password]
                ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
                : null,
        }
        : null;
}
