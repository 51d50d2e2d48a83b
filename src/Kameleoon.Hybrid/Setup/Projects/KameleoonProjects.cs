using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The projects beside the default one, and which of them a request is of.</summary>
internal sealed class KameleoonProjects(
    IEnumerable<ProjectRegistration> registrations,
    IServiceProvider application,
    ILogger<KameleoonProjects> logger) : IAsyncDisposable
{
    private readonly KameleoonProject[] _all =
        [.. registrations.Select(registration => new KameleoonProject(registration, application))];

    private readonly LogOnce _unknownProject = new();
    private readonly LogOnce _selectorFailure = new();

    internal IReadOnlyList<KameleoonProject> All => _all;

    internal KameleoonProject Get(string name) =>
        Find(name) ?? throw new InvalidOperationException($"There is no Kameleoon project '{name}'.");

    /// <summary>The project of a request, or null for the default one.</summary>
    internal KameleoonProject? Select(HttpContext context)
    {
        if (FindBySeenPath(context.Request.Path) is { } seen)
        {
            return seen;
        }

        if (Ask(context) is not { } name)
        {
            return FindByHost(context.Request.Host.Host);
        }

        var project = Find(name);
        if (project is null && _unknownProject.IsFirst(name))
        {
            logger.UnknownProject(name);
        }

        return project;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var project in _all)
        {
            await project.DisposeAsync();
        }
    }

    private string? Ask(HttpContext context)
    {
        try
        {
            return application.GetRequiredService<IOptions<KameleoonOptions>>().Value.SelectProject?.Invoke(context);
        }
#pragma warning disable CA1031 // A tenant that cannot be told must not break the page.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_selectorFailure.IsFirst())
            {
                logger.SelectProjectFailed(e);
            }

            return null;
        }
    }

    // What tells the project of a page, such as its route, need not tell that of an image in it.
    private KameleoonProject? FindBySeenPath(PathString path) =>
        Array.Find(_all, project => path.Equals(project.Options.SeenPath, StringComparison.Ordinal));

    private KameleoonProject? Find(string name) =>
        Array.Find(_all, project => string.Equals(project.Name, name, StringComparison.Ordinal));

    // The closest name counts: a host before all subdomains of a domain, and those of a longer domain before others.
    private KameleoonProject? FindByHost(string host)
    {
        var (found, length) = ((KameleoonProject?)null, 0);
        foreach (var project in _all)
        {
            foreach (var pattern in project.Options.Hosts)
            {
                var own = pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern.Length : int.MaxValue;
                if (own > length && HostNames.Matches(host, pattern))
                {
                    (found, length) = (project, own);
                }
            }
        }

        return found;
    }
}
