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
        if (app.ApplicationServices.GetService<ConfigurationStore>() is null)
        {
            throw new InvalidOperationException(
                "Call builder.Services.AddKameleoonHybrid(builder.Configuration) before app.UseKameleoonVisitorCode().");
        }

        return app.ApplicationServices.GetService<KameleoonProjects>() is null
            ? app.UseMiddleware<VisitorCodeMiddleware>()
            : app.UseMiddleware<ProjectMiddleware>();
    }
}
