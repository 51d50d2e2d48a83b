using System.Diagnostics.CodeAnalysis;
using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the sandbox's endpoints.</summary>
public static class KameleoonSandboxEndpointRouteBuilderExtensions
{
    /// <summary>Maps the platform's paths and the live page below a prefix; maps nothing when not enabled.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="prefix">The path below which the sandbox is mapped; empty for the root. Default
    /// <c>/_kameleoon</c>.</param>
    /// <returns>Conventions for all mapped endpoints, for example a required host.</returns>
    /// <exception cref="InvalidOperationException">The sandbox has no services, because neither <c>UseSandbox()</c> nor
    /// <c>AddKameleoonSandbox()</c> was called; or it is enabled and its package is missing.</exception>
    public static IEndpointConventionBuilder MapKameleoonSandbox(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string prefix = "/_kameleoon")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        prefix = prefix.TrimEnd('/');
        var services = endpoints.ServiceProvider;
        if (SandboxPackage.IsMissed(
            services.GetRequiredService<IConfiguration>(), services.GetRequiredService<IHostEnvironment>()))
        {
            throw new InvalidOperationException(SandboxPackage.IsMissing);
        }

        var group = endpoints.MapGroup(prefix);
        SandboxPackage.Present?.Map(
            group,
            services,
            prefix,
            () =>
            {
                var project = services.GetRequiredService<IOptions<KameleoonOptions>>().Value;
                return (project.SiteCode, project.Environment);
            },
            services.GetService<IServiceProviderIsService>()?.IsService(typeof(TrustMonitor)) == true ? TrustEndpoint.AnswerAsync : null);

        // They describe the platform rather than the application.
        return group.ExcludeFromDescription();
    }
}
