using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Lets the projects beside the default one live with the host.</summary>
internal sealed class ProjectsService(KameleoonProjects projects, IServiceProvider application) : IHostedLifecycleService
{
    /// <exception cref="OptionsValidationException">A setting of a project is wrong.</exception>
    /// <exception cref="InvalidOperationException">The projects do not fit together.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Validate();

        return AllAsync(Lifecycle, service => service.StartingAsync(cancellationToken));
    }

    public Task StartAsync(CancellationToken cancellationToken) =>
        AllAsync(static project => project.HostedServices, service => service.StartAsync(cancellationToken));

    public Task StartedAsync(CancellationToken cancellationToken) =>
        AllAsync(Lifecycle, service => service.StartedAsync(cancellationToken));

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        AllAsync(static project => Lifecycle(project).Reverse(), service => service.StoppingAsync(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) =>
        AllAsync(static project => project.HostedServices.Reverse(), service => service.StopAsync(cancellationToken));

    public Task StoppedAsync(CancellationToken cancellationToken) =>
        AllAsync(static project => Lifecycle(project).Reverse(), service => service.StoppedAsync(cancellationToken));

    // Each may wait, for its data file or for its last events to be sent, all together no longer than one.
    private Task AllAsync<T>(Func<KameleoonProject, IEnumerable<T>> services, Func<T, Task> call) =>
        Task.WhenAll(projects.All.Select(project => EachAsync(services(project), call)));

    private static IEnumerable<IHostedLifecycleService> Lifecycle(KameleoonProject project) =>
        project.HostedServices.OfType<IHostedLifecycleService>();

    private static async Task EachAsync<T>(IEnumerable<T> services, Func<T, Task> call)
    {
        foreach (var service in services)
        {
            await call(service);
        }
    }

    private void Validate()
    {
        if (application.GetService<ConfigurationStore>() is null)
        {
            throw new InvalidOperationException(
                "There are Kameleoon projects, but no default one for the requests that are of none of them. Call "
                + "builder.Services.AddKameleoonHybrid(builder.Configuration), too.");
        }

        if (application.GetRequiredService<IOptions<KameleoonOptions>>().Value.Hosts.Count > 0)
        {
            throw new InvalidOperationException(
                "Kameleoon:Hosts is set, but the default project gets all hosts that no other project names. Leave it out, or "
                + "give the project a name.");
        }

        var hosts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var project in projects.All)
        {
            project.Validate();
            foreach (var host in project.Options.Hosts)
            {
                if (!hosts.TryAdd(host, project.Name))
                {
                    throw new InvalidOperationException(
                        $"Kameleoon:Projects:{project.Name}:Hosts and Kameleoon:Projects:{hosts[host]}:Hosts both name "
                        + $"'{host}'. A host is of one project.");
                }
            }
        }
    }
}
