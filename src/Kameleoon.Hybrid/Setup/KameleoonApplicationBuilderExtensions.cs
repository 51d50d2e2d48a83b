using Kameleoon.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the visitor code to the request pipeline.</summary>
public static class KameleoonApplicationBuilderExtensions
{
    /// <summary>Determines the visitor code of each request: from the cookie, from the query parameter, or a new
    /// one.</summary>
    /// <param name="app">The pipeline. Place this after the forwarded-headers middleware and before all middleware that
    /// decides flags.</param>
    /// <exception cref="InvalidOperationException">The services are missing.</exception>
    public static IApplicationBuilder UseKameleoonVisitorCode(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ApplicationServices;
        if (services.GetService<ConfigurationStore>() is null)
        {
            throw new InvalidOperationException(
                "Call builder.Services.AddKameleoonHybrid(builder.Configuration) before app.UseKameleoonVisitorCode().");
        }

        app = services.GetService<KameleoonProjects>() is null
            ? app.UseMiddleware<VisitorCodeMiddleware>()
            : app.UseMiddleware<ProjectMiddleware>();

        // Asked when the application starts, after its settings were checked.
        return app.Use(next => services.GetRequiredService<RequestTelemetry>().HasLogScope
            ? ActivatorUtilities.CreateInstance<VariationLogScope>(services, next).InvokeAsync
            : next);
    }
}
