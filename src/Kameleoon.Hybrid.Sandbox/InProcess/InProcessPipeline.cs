using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Runs the sandbox's routes at the root, without the application's middleware.</summary>
internal sealed class InProcessPipeline(IServiceProvider services, Action<IEndpointRouteBuilder> map)
{
    private readonly Lazy<RequestDelegate> _run = new(() => Build(services, map));

    internal Task RunAsync(HttpContext context) => _run.Value(context);

    private static RequestDelegate Build(IServiceProvider services, Action<IEndpointRouteBuilder> map)
    {
        var app = new ApplicationBuilder(new OwnRouteOptions(services));
        app.UseRouting();
        app.UseEndpoints(map);
        return app.Build();
    }

    // UseEndpoints adds its routes to the shared options, which would put the sandbox's into the application's
    // link generation and API description.
    private sealed class OwnRouteOptions(IServiceProvider services) : IServiceProvider
    {
        // Only AddRouting can make options that hold routes.
        private readonly IOptions<RouteOptions> _options = new ServiceCollection().AddRouting()
            .BuildServiceProvider().GetRequiredService<IOptions<RouteOptions>>();

        public object? GetService(Type serviceType) =>
            serviceType == typeof(IOptions<RouteOptions>) ? _options : services.GetService(serviceType);
    }
}
