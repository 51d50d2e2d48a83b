namespace Aspire.Hosting.ApplicationModel;

/// <summary>The sandbox as a resource of an app host: one process that stands in for the platform.</summary>
/// <remarks>The process is the tool <c>Kameleoon.Hybrid.Sandbox.Tool</c>, which <c>dotnet tool exec</c> downloads and runs.
/// Created by <c>AddKameleoonSandbox</c>.</remarks>
public sealed class KameleoonSandboxResource : ExecutableResource
{
    internal const string HttpEndpointName = "http";

    /// <summary>Creates the resource.</summary>
    /// <param name="name">The name of the resource.</param>
    /// <param name="workingDirectory">The folder in which the sandbox runs and stores its events.</param>
    public KameleoonSandboxResource(string name, string workingDirectory)
        : base(name, "dotnet", workingDirectory) => Http = new EndpointReference(this, HttpEndpointName);

    /// <summary>The address at which SDKs, browsers and the live page reach the sandbox.</summary>
    public EndpointReference Http { get; }
}
