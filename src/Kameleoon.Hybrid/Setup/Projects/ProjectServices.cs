using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

/// <summary>Registers projects beside the default one.</summary>
internal static class ProjectServices
{
    /// <summary>Adds a project unless one has that name, and returns the services of the project.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The project's name, compared ordinally.</param>
    internal static IServiceCollection AddProject(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var service in services)
        {
            if (service is { IsKeyedService: false, ImplementationInstance: ProjectRegistration known }
                && string.Equals(known.Name, name, StringComparison.Ordinal))
            {
                return known.Services;
            }
        }

        if (services.All(static service => service.ServiceType != typeof(KameleoonProjects)))
        {
            services.AddSingleton<KameleoonProjects>();
            services.AddHostedService<ProjectsService>();
        }

        var project = new ProjectRegistration(name, new ServiceCollection().AddLogging());
        project.Services.Configure<KameleoonOptions>(
            options => options.SeenPath += "/" + Uri.EscapeDataString(name));
        services.AddSingleton(project);
        services.AddKeyedSingleton(name, static (provider, key) => provider.OfProject<IKameleoonClientFactory>(key));
        services.AddKeyedSingleton(name, static (provider, key) => provider.OfProject<IKameleoonConfiguration>(key));
        services.AddKeyedScoped<IKameleoonClient>(name, static (provider, key) => RequestVisitor
            .Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext)
            .In(provider.OfProject<RequestVisitorServices>(key)).Client);
        return project.Services;
    }

    private static T OfProject<T>(this IServiceProvider application, object? name)
        where T : notnull =>
        application.GetRequiredService<KameleoonProjects>().Get((string)name!).Services.GetRequiredService<T>();
}
