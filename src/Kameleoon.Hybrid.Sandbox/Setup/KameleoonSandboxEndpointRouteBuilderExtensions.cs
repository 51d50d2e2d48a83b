using System.Diagnostics.CodeAnalysis;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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
    /// <exception cref="InvalidOperationException"><c>AddKameleoonSandbox()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapKameleoonSandbox(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string prefix = "/_kameleoon")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = endpoints.ServiceProvider;
        if (services.GetService<ProjectFile>() is null)
        {
            throw new InvalidOperationException(
                "The sandbox has no services. Call builder.Services.AddKameleoonSandbox() before "
                + "app.MapKameleoonSandbox().");
        }

        var group = endpoints.MapGroup(prefix.TrimEnd('/'));
        var options = services.GetRequiredService<IOptions<KameleoonSandboxOptions>>().Value;
        if (options.IsEnabledIn(services.GetRequiredService<IHostEnvironment>()))
        {
            SandboxRoutes.Map(group);
            var logger = services.GetRequiredService<ILogger<ProjectFile>>();
            logger.Mapped(prefix.TrimEnd('/') + "/", options.DataFile);
            if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
            {
                logger.EnabledOutsideDevelopment();
            }
        }

        // They describe the platform rather than the application.
        return group.ExcludeFromDescription();
    }
}
