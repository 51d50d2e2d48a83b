using Kameleoon.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects the library to the sandbox instead of the platform.</summary>
public static class KameleoonSandboxBuilderExtensions
{
    // No server listens at this address: the primary handler responds. The name is visible in logs and traces.
    private static readonly Uri InProcess = new("http://kameleoon.sandbox.localhost/");

    /// <summary>Sends the library's requests to the sandbox in the same process, without the network. The sandbox is in the
    /// package <c>Kameleoon.Hybrid.Sandbox</c>.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="prefix">Where <c>app.MapKameleoonSandbox()</c> puts the sandbox, where browsers get the
    /// engine. Default <c>/_kameleoon</c>.</param>
    /// <remarks>Everything except the network is as in production: addresses, retries, timeouts and bytes. Has no
    /// effect when the sandbox is not enabled; then its package is not needed, and a published application does not have
    /// it. Where it is enabled and missing, the application stops at its start with a sentence that says what to do.</remarks>
    public static IKameleoonBuilder UseSandbox(this IKameleoonBuilder builder, string prefix = "/_kameleoon")
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(prefix);
        if (SandboxPackage.Present is { } sandbox)
        {
            return Use(builder, sandbox, prefix);
        }

        builder.Services.AddOptions<KameleoonOptions>().Validate<IConfiguration, IHostEnvironment>(
            static (_, settings, environment) => !SandboxPackage.IsMissed(settings, environment),
            SandboxPackage.IsMissing);
        return builder;
    }

    private static IKameleoonBuilder Use(IKameleoonBuilder builder, SandboxPackage sandbox, string prefix)
    {
        sandbox.Add(builder.Services);
        builder.Services.AddOptions<KameleoonOptions>().PostConfigure<IServiceProvider>((library, services) =>
        {
            if (sandbox.IsEnabled(services))
            {
                Redirect(library, prefix);
            }
        });
        return builder.ConfigureHttpClients(client =>
            client.Services.Configure<HttpClientFactoryOptions>(client.Name, options =>
                options.HttpMessageHandlerBuilderActions.Add(handlers =>
                {
                    if (sandbox.IsEnabled(handlers.Services))
                    {
                        handlers.PrimaryHandler = sandbox.NewHandler(handlers.Services);
                    }
                })));
    }

    private static void Redirect(KameleoonOptions library, string prefix)
    {
        library.Endpoints.Configuration = InProcess;
        library.Endpoints.Stream = InProcess;
        library.Endpoints.Tracking = InProcess;
        library.Endpoints.Api = InProcess;
        // The project is a file already. A last good copy would hide that the file is missing.
        library.Configuration.LastGoodCopy = false;
        library.Endpoints.Engine = new Uri(prefix, UriKind.Relative);
    }
}
