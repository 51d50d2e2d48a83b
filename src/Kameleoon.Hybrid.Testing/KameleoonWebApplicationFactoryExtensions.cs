using System.Net;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Testing;

/// <summary>What a test asks an application with the sandbox; for every kind of <c>WebApplicationFactory</c>.</summary>
/// <remarks>Safe for concurrent use. The first call starts the application.</remarks>
public static class KameleoonWebApplicationFactoryExtensions
{
    /// <summary>Derives a factory whose application has the sandbox.</summary>
    /// <param name="factory">A factory of the application.</param>
    /// <param name="project">The project to serve, absolute or relative to the folder of the test's assembly. Null, the
    /// default, serves what <c>Kameleoon:Sandbox:DataFile</c> names, and without it <c>kameleoon.json</c> in the content root of
    /// the application.</param>
    /// <remarks>As <see cref="KameleoonWebHostBuilderExtensions.UseKameleoonSandbox"/> does.</remarks>
    /// <exception cref="FileNotFoundException">There is no file <paramref name="project"/>.</exception>
    public static WebApplicationFactory<TEntryPoint> WithKameleoonSandbox<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory, string? project = null)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        return factory.WithWebHostBuilder(builder => builder.UseKameleoonSandbox(project));
    }

    /// <summary>Returns the sandbox in the application: it switches flags, forces variations and has the received events.
    /// </summary>
    /// <exception cref="InvalidOperationException">The application has no sandbox.</exception>
    public static KameleoonSandbox GetSandbox<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        return factory.Services.GetService<KameleoonSandbox>() ?? throw new InvalidOperationException(
            "The application has no sandbox. Use factory.WithKameleoonSandbox(), or call builder.UseKameleoonSandbox() in "
            + "ConfigureWebHost of your factory.");
    }

    /// <summary>Changes flags or the project, and returns when the application decides by it. A change that changes nothing
    /// returns too.</summary>
    /// <param name="factory">The application.</param>
    /// <param name="change">What to change, for example
    /// <c>sandbox => sandbox.ForceVariation("checkout", "one-page")</c>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="InvalidOperationException">The application did not get the change; the message says why.</exception>
    public static async Task ChangeAsync<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory,
        Action<KameleoonSandbox> change,
        CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(change);
        var sandbox = factory.GetSandbox();
        var configuration = factory.Services.GetRequiredService<IKameleoonConfiguration>();
        var environment = factory.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.Environment;
        change(sandbox);

        // Another test may change the project meanwhile, and its version holds this change as well.
        string? awaited;
        do
        {
            awaited = sandbox.GetVersion(environment);
            var answered = await configuration.RefreshAsync(cancellationToken);
            if (awaited is not null && string.Equals(configuration.Version, awaited, StringComparison.Ordinal))
            {
                return;
            }

            if (!answered)
            {
                throw new InvalidOperationException(
                    "The application could not get the data file from the sandbox. Its log says why; a fault that was set by "
                    + "Fail(\"configuration\") is one reason, mistakes in the project are another.");
            }
        }
        while (!string.Equals(sandbox.GetVersion(environment), awaited, StringComparison.Ordinal));

        throw new InvalidOperationException(
            $"The application has another data file than the sandbox: version {configuration.Version} from {configuration.Source}, "
            + $"not {awaited}. Does it replace IDataFileSource, for example by UseDataFile?");
    }

    /// <summary>Waits for an event at the sandbox. An event that was received before counts too.</summary>
    /// <param name="factory">The application.</param>
    /// <param name="awaited">Returns whether an event is the awaited one.</param>
    /// <param name="timeout">How long to wait; 20 seconds when null.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">No such event came. The message says what came, what the application decided, and
    /// why its exposures were not received.</exception>
    public static async Task<SandboxEvent> WaitForEventAsync<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory,
        Func<SandboxEvent, bool> awaited,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var sandbox = factory.GetSandbox();
        try
        {
            return await sandbox.WaitForEventAsync(awaited, timeout, cancellationToken);
        }
        catch (TimeoutException e) when (factory.Services.GetService<Journal>() is { } journal)
        {
            throw new TimeoutException($"{e.Message}\n{journal.Explain(sandbox.Events)}", e);
        }
    }

    /// <summary>Creates a client with the visitor code in its cookie, as a browser that comes back.</summary>
    /// <param name="factory">The application.</param>
    /// <param name="visitorCode">The visitor code, of characters that are valid in a cookie.</param>
    /// <remarks>It follows redirects and keeps cookies; it runs no scripts.</remarks>
    public static HttpClient CreateClientOf<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory, string visitorCode)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentException.ThrowIfNullOrEmpty(visitorCode);
        var address = factory.ClientOptions.BaseAddress;
        var cookies = new CookieContainer();
        cookies.Add(address, new Cookie("kameleoonVisitorCode", visitorCode, "/"));
        return factory.CreateDefaultClient(address, new RedirectHandler(), new CookieContainerHandler(cookies));
    }
}
