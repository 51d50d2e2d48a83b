using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Kameleoon.Hybrid.Aspire.Hosting.Tests;

public sealed class SandboxResourceTests
{
    [Fact]
    public async Task The_sandbox_serves_the_project_file_of_the_app_host()
    {
        var builder = NewAppHost();
        var sandbox = builder.AddKameleoonSandbox("kameleoon", project: "flags/kameleoon.json", port: 5480);

        var variables = await VariablesAsync(builder, sandbox.Resource);

        variables["Kameleoon__Sandbox__DataFile"].ShouldBe(Path.Combine(builder.AppHostDirectory, "flags", "kameleoon.json"));
        sandbox.Resource.Annotations.OfType<EndpointAnnotation>().Single().Port.ShouldBe(5480);
    }

    [Fact]
    public async Task The_sandbox_is_the_tool_of_the_same_version_run_without_an_installation()
    {
        var builder = NewAppHost();
        var sandbox = builder.AddKameleoonSandbox("kameleoon");

        var arguments = new CommandLineArgsCallbackContext([]);
        foreach (var added in sandbox.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await added.Callback(arguments);
        }

        sandbox.Resource.Command.ShouldBe("dotnet");
        arguments.Args.ShouldBe(["tool", "exec", $"Kameleoon.Hybrid.Sandbox.Tool@{PackageVersion}", "--yes"]);
    }

    [Theory]
    [InlineData("Configuration")]
    [InlineData("Stream")]
    [InlineData("Tracking")]
    [InlineData("Api")]
    [InlineData("Engine")]
    public async Task A_project_that_references_the_sandbox_sends_each_request_to_it(string endpoint)
    {
        var builder = NewAppHost();
        var sandbox = builder.AddKameleoonSandbox("kameleoon");
        sandbox.WithEndpoint("http", http => http.AllocatedEndpoint = new AllocatedEndpoint(http, "localhost", 6001));
        var shop = builder.AddExecutable("shop", "dotnet", ".").WithReference(sandbox);

        var variables = await VariablesAsync(builder, shop.Resource);

        variables[$"Kameleoon__Endpoints__{endpoint}"].ShouldBe("http://localhost:6001");
    }

    [Fact]
    public void The_sandbox_has_a_health_check_and_is_no_part_of_what_is_published()
    {
        var sandbox = NewAppHost().AddKameleoonSandbox("kameleoon").Resource;

        sandbox.Annotations.OfType<HealthCheckAnnotation>().ShouldHaveSingleItem();
        sandbox.Annotations.ShouldContain(ManifestPublishingCallbackAnnotation.Ignore);
    }

    private static string PackageVersion => typeof(KameleoonSandboxResource).Assembly.GetName().Version!.ToString(3);

    private static IDistributedApplicationBuilder NewAppHost() => DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions { DisableDashboard = true, AssemblyName = typeof(SandboxResourceTests).Assembly.GetName().Name });

    private static async Task<Dictionary<string, string?>> VariablesAsync(IDistributedApplicationBuilder builder, IResource resource)
    {
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource);
        foreach (var added in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await added.Callback(context);
        }

        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            // The port of a sandbox that does not run is unknown.
            if (!name.StartsWith("ASPNETCORE", StringComparison.Ordinal))
            {
                variables[name] = value is IValueProvider provider ? await provider.GetValueAsync() : value.ToString();
            }
        }

        return variables;
    }
}
