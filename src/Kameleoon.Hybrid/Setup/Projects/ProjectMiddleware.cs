using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

/// <summary>Gives each request its visitor in the project it is of.</summary>
internal sealed class ProjectMiddleware
{
    private readonly KameleoonProjects _projects;
    private readonly VisitorCodeMiddleware _default;
    private readonly Dictionary<KameleoonProject, VisitorCodeMiddleware> _others;

    public ProjectMiddleware(RequestDelegate next, KameleoonProjects projects, IServiceProvider application)
    {
        _projects = projects;
        _default = ActivatorUtilities.CreateInstance<VisitorCodeMiddleware>(application, next);
        _others = projects.All.ToDictionary(
            project => project,
            project => ActivatorUtilities.CreateInstance<VisitorCodeMiddleware>(project.Services, next));
    }

    public Task InvokeAsync(HttpContext context) =>
        (_projects.Select(context) is { } project ? _others[project] : _default).InvokeAsync(context);
}
