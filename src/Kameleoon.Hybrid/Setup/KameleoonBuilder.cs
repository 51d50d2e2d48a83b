using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

internal sealed class KameleoonBuilder(IServiceCollection services) : IKameleoonBuilder
{
    public IServiceCollection Services => services;

    public IKameleoonBuilder ConfigureHttpClients(Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        foreach (var name in PlatformClients.All)
        {
            configure(services.AddHttpClient(name));
        }

        return this;
    }
}
