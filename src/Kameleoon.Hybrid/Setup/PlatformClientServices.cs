using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Registers the HTTP clients that call the platform.</summary>
internal static class PlatformClientServices
{
    private const string ResilienceAssembly = "Microsoft.Extensions.Http.Resilience";
    private const string OlderResilienceAssembly = "Microsoft.Extensions.Http.Polly";

    internal static void AddPlatformClients(this IServiceCollection services)
    {
        foreach (var name in PlatformClients.All)
        {
            services.AddHttpClient(name)
                .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => RemoveResilience(handlers))
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

        // Behind the retries, so that each attempt is an event.
        foreach (var name in PlatformClients.All)
        {
            services.AddHttpClient(name).AddHttpMessageHandler(provider => new ListenedHandler(
                PlatformClients.KindOf(name),
                provider.GetRequiredService<ListenerFeed>(),
                provider.GetRequiredService<TimeProvider>()));
        }
    }

    // An application may add resilience handlers to all its clients by default. Their deadlines would cut ours, and their
    // retries multiply ours. Handlers that are added later, by ConfigureHttpClients, are meant for these clients and stay.
    private static void RemoveResilience(IList<DelegatingHandler> handlers)
    {
        for (var index = handlers.Count - 1; index >= 0; index--)
        {
            if (IsResilience(handlers[index].GetType()))
            {
                handlers.RemoveAt(index);
            }
        }
    }

    private static bool IsResilience(Type? type)
    {
        while (type is not null && type.Assembly.GetName().Name is not ResilienceAssembly and not OlderResilienceAssembly)
        {
            type = type.BaseType;
        }

        return type is not null;
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
