using Kameleoon.Hybrid;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects the library to the sandbox instead of the platform.</summary>
public static class KameleoonSandboxBuilderExtensions
{
    // No server listens at this address: the primary handler responds. The name is visible in logs and traces.
    private static readonly Uri InProcess = new("http://kameleoon.sandbox.localhost/");

    /// <summary>Sends the library's requests to the sandbox in the same process, without the network.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="prefix">Where <c>app.MapKameleoonSandbox()</c> puts the sandbox, where browsers get the
    /// engine. Default <c>/_kameleoon</c>.</param>
    /// <remarks>Everything except the network is as in production: addresses, retries, timeouts and bytes. Has no
    /// effect when the sandbox is not enabled.</remarks>
    public static IKameleoonBuilder UseSandbox(this IKameleoonBuilder builder, string prefix = "/_kameleoon")
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(prefix);
        builder.Services.AddKameleoonSandbox();
        builder.Services.AddOptions<KameleoonOptions>()
            .PostConfigure<IOptions<KameleoonSandboxOptions>, IHostEnvironment>((library, sandbox, environment) =>
            {
                if (sandbox.Value.IsEnabledIn(environment))
                {
                    Redirect(library, prefix);
                }
            });
        return builder.ConfigureHttpClients(static client =>
            client.Services.Configure<HttpClientFactoryOptions>(client.Name, static options =>
                options.HttpMessageHandlerBuilderActions.Add(static handlers =>
                {
                    var sandbox = handlers.Services.GetRequiredService<IOptions<KameleoonSandboxOptions>>().Value;
                    if (sandbox.IsEnabledIn(handlers.Services.GetRequiredService<IHostEnvironment>()))
                    {
                        handlers.PrimaryHandler = handlers.Services.GetRequiredService<InProcessHandler>();
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
