using System.Reflection;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds the sandbox to an app host, and connects projects to it.</summary>
public static class KameleoonSandboxResourceBuilderExtensions
{
    private const string Tool = "Kameleoon.Hybrid.Sandbox.Tool";

    /// <summary>Adds a sandbox, with its health check and a link to its live page.</summary>
    /// <param name="builder">The builder of the app host.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="project">The project file to serve, absolute or relative to the folder of the app host. Edits take
    /// effect at once. Default <c>kameleoon.json</c>.</param>
    /// <param name="port">The port, or null for a free one, which is the default.</param>
    /// <returns>The resource, for <see cref="WithReference"/>.</returns>
    /// <remarks>Needs the .NET 10 SDK and a package source with <c>Kameleoon.Hybrid.Sandbox.Tool</c>. It is for development:
    /// a published app host contains no sandbox.</remarks>
    public static IResourceBuilder<KameleoonSandboxResource> AddKameleoonSandbox(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string project = "kameleoon.json",
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(project);
        var sandbox = new KameleoonSandboxResource(name, builder.AppHostDirectory);
        var file = Path.GetFullPath(project, builder.AppHostDirectory);
        return builder.AddResource(sandbox)
            .WithArgs("tool", "exec", $"{Tool}@{Version}", "--yes")
            .WithHttpEndpoint(port, name: KameleoonSandboxResource.HttpEndpointName)
            .WithEnvironment("ASPNETCORE_URLS", $"http://127.0.0.1:{sandbox.Http.Property(EndpointProperty.TargetPort)}")
            .WithEnvironment("Kameleoon__Sandbox__DataFile", file)
            .WithHttpHealthCheck("/control/clock", endpointName: KameleoonSandboxResource.HttpEndpointName)
            .WithUrlForEndpoint(KameleoonSandboxResource.HttpEndpointName, static link => link.DisplayText = "Live page")
            .ExcludeFromManifest();
    }

    /// <summary>Connects a project to the sandbox: sets <c>Kameleoon:Endpoints</c> to its address.</summary>
    /// <typeparam name="T">The kind of the resource.</typeparam>
    /// <param name="builder">A project that calls <c>AddKameleoonHybrid</c>.</param>
    /// <param name="sandbox">The sandbox.</param>
    /// <remarks>The project does not reference the sandbox's package, so production never contains it. Add
    /// <c>WaitFor(sandbox)</c> if the project must find its flags at the start. Without a reference, the project uses the
    /// platform.</remarks>
    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<KameleoonSandboxResource> sandbox)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(sandbox);
        foreach (var endpoint in (ReadOnlySpan<string>)["Configuration", "Stream", "Tracking", "Api", "Engine"])
        {
            builder.WithEnvironment($"Kameleoon__Endpoints__{endpoint}", sandbox.Resource.Http);
        }

        return builder.WithReferenceRelationship(sandbox.Resource);
    }

    // The tool is published with the same version as this package.
    private static string Version =>
        typeof(KameleoonSandboxResource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
