using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Runs the sandbox's routes at the root, without the application's middleware.</summary>
internal sealed class InProcessPipeline(IServiceProvider services, Action<IEndpointRouteBuilder> map)
{
    private readonly Lazy<RequestDelegate> _run = new(() => Build(services, map));

    internal Task RunAsync(HttpContext context) => _run.Value(context);

    private static RequestDelegate Build(IServiceProvider services, Action<IEndpointRouteBuilder> map)
    {
        var app = new ApplicationBuilder(new OwnRouting(services));
        app.UseRouting();
        app.UseEndpoints(map);
        return app.Build();
    }

    // UseEndpoints adds its routes to the shared options, which would put the sandbox's into the application's
    // link generation and API description. Routing also logs each request, which the platform would not do in the
    // application's log.
    private sealed class OwnRouting(IServiceProvider services) : IServiceProvider
    {
        // Only AddRouting can make options that hold routes. Its loggers have no provider.
        private readonly ServiceProvider _own = new ServiceCollection().AddLogging().AddRouting().BuildServiceProvider();

        public object? GetService(Type serviceType) => IsOwn(serviceType)
            ? _own.GetService(serviceType)
            : services.GetService(serviceType);

        private static bool IsOwn(Type serviceType) =>
            serviceType == typeof(IOptions<RouteOptions>)
            || serviceType == typeof(ILoggerFactory)
            || serviceType.Assembly == typeof(RouteOptions).Assembly
            || (serviceType.IsGenericType && serviceType.GetGenericTypeDefinition() == typeof(ILogger<>));
    }
}
