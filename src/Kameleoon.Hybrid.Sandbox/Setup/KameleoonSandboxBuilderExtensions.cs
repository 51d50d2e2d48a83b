using Kameleoon.Hybrid;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the library talk to the sandbox instead of the platform.</summary>
public static class KameleoonSandboxBuilderExtensions
{
    // Nothing listens there: the primary handler answers. The name shows up in logs and traces.
    private static readonly Uri InProcess = new("http://kameleoon.sandbox.localhost/");

    /// <summary>Sends what the library sends to the platform to the sandbox, in process and without the network.
    /// </summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="prefix">Where <c>app.MapKameleoonSandbox()</c> puts the sandbox, where browsers get the
    /// engine. Default <c>/_kameleoon</c>.</param>
    /// <remarks>Everything but the network is as in production: addresses, retries, deadlines and bytes. Changes
    /// nothing when the sandbox is not enabled.</remarks>
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
        // What it serves is on disk already; a copy from an earlier run would only hide that it is gone.
        library.Configuration.LastGoodCopy = false;
        library.Endpoints.Engine = new Uri(prefix, UriKind.Relative);
    }
}
