using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

/// <summary>Adds optional parts of the library. Returned by <c>AddKameleoonHybrid</c>.</summary>
public interface IKameleoonBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>Configures every HTTP client that talks to the platform, for example to add a proxy.</summary>
    /// <param name="configure">Called once for each client.</param>
    IKameleoonBuilder ConfigureHttpClients(Action<IHttpClientBuilder> configure);
}
