using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the library calls where this assembly is beside it. It finds the methods by their names, so that an
/// application can be published without the sandbox.</summary>
internal static class SandboxSetup
{
    /// <summary>Adds the sandbox's services.</summary>
    internal static void Add(IServiceCollection services) => services.AddKameleoonSandbox();

    /// <summary>Whether the settings enable the sandbox.</summary>
    internal static bool IsEnabled(IServiceProvider services) =>
        services.GetRequiredService<IOptions<KameleoonSandboxOptions>>().Value
            .IsEnabledIn(services.GetRequiredService<IHostEnvironment>());

    /// <summary>A new handler that responds to requests in place of the network.</summary>
    internal static HttpMessageHandler NewHandler(IServiceProvider services) =>
        services.GetRequiredService<InProcessHandler>();

    /// <summary>Maps the sandbox's endpoints if the settings enable it.</summary>
    /// <param name="group">Where to map them.</param>
    /// <param name="services">The application's services.</param>
    /// <param name="prefix">The path of the group.</param>
    /// <param name="project">Reads the site code and the environment of the library's project.</param>
    /// <param name="trust">Answers with what the application counts of its experiments; null where it counts nothing.</param>
    internal static void Map(
        RouteGroupBuilder group,
        IServiceProvider services,
        string prefix,
        Func<(string SiteCode, string? Environment)> project,
        RequestDelegate? trust)
    {
        if (services.GetService<ProjectFile>() is null)
        {
            throw new InvalidOperationException(
                "The sandbox has no services. Call UseSandbox() on what AddKameleoonHybrid returned, or in an application that is only a "
                + "sandbox builder.Services.AddKameleoonSandbox(), before app.MapKameleoonSandbox().");
        }

        if (!IsEnabled(services))
        {
            return;
        }

        services.GetRequiredService<ConnectedProject>().Connect(project);
        SandboxRoutes.Map(group, trust);
        var logger = services.GetRequiredService<ILogger<ProjectFile>>();
        logger.Mapped(prefix + "/", services.GetRequiredService<IOptions<KameleoonSandboxOptions>>().Value.DataFile);
        if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            logger.EnabledOutsideDevelopment();
        }
    }
}
