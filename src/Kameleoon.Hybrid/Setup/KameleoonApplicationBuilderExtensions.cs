using Kameleoon.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds Kameleoon's visitor code to the request pipeline.</summary>
public static class KameleoonApplicationBuilderExtensions
{
    /// <summary>Gives each request its visitor: from the cookie, the query parameter, or a new code.</summary>
    /// <param name="app">The pipeline. Place this after the forwarded-headers middleware and before whatever decides
    /// flags.</param>
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
