using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Testing;

/// <summary>An application under test with the sandbox in its process. It makes no requests to the platform and stores
/// nothing.</summary>
/// <typeparam name="TEntryPoint">A type of the application, usually its <c>Program</c>. It has to call
/// <c>UseSandbox()</c>.</typeparam>
/// <remarks>Usable as xunit's <c>IClassFixture</c> and in any other test framework: create and dispose it. It has all
/// members of <see cref="WebApplicationFactory{TEntryPoint}"/>.</remarks>
public sealed class KameleoonSandboxFixture<TEntryPoint> : WebApplicationFactory<TEntryPoint>
    where TEntryPoint : class
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Settings of the application beside its own, by configuration key; set them before the first request.
    /// </summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sandbox in the application.</summary>
    /// <exception cref="InvalidOperationException">The application has no sandbox.</exception>
    public KameleoonSandbox Sandbox => Services.GetService<KameleoonSandbox>() ?? throw new InvalidOperationException(
        "The application has no sandbox. Let it call builder.Services.AddKameleoonHybrid(…).UseSandbox().");

    /// <summary>Changes flags or the project, and returns when the application uses the change.</summary>
    /// <param name="change">What to change, for example <c>sandbox => sandbox.ForceVariation("checkout", "one-page")</c>.
    /// It has to change the data file.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">The application did not take the change within 20 seconds: nothing changed, or
    /// it does not ask the sandbox.</exception>
    public async Task ChangeAsync(Action<KameleoonSandbox> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var configuration = Services.GetRequiredService<IKameleoonConfiguration>();
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EventHandler<ConfigurationChangedEventArgs> note = (_, _) => changed.TrySetResult();
        configuration.Changed += note;
        try
        {
            change(Sandbox);
            await changed.Task.WaitAsync(Patience, cancellationToken);
        }
        finally
        {
            configuration.Changed -= note;
        }
    }

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseSetting("Kameleoon:Sandbox:Enabled", "true");
        builder.UseSetting("Kameleoon:Sandbox:Storage", "");
        builder.UseSetting("Kameleoon:RefreshInterval", "00:00:01");
        builder.UseSetting("Kameleoon:Configuration:Mode", "Streaming");
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
