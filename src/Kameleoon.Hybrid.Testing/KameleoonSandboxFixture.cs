using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Kameleoon.Hybrid.Testing;

/// <summary>An application under test with the sandbox in its process. It makes no requests to the platform and stores
/// nothing.</summary>
/// <typeparam name="TEntryPoint">A type of the application, usually its <c>Program</c>.</typeparam>
/// <remarks>Usable as xunit's <c>IClassFixture</c> and in any other test framework: create and dispose it. A factory of your
/// own gets the same by <see cref="KameleoonWebHostBuilderExtensions.UseKameleoonSandbox"/>.</remarks>
public sealed class KameleoonSandboxFixture<TEntryPoint> : WebApplicationFactory<TEntryPoint>
    where TEntryPoint : class
{
    /// <summary>Settings of the application beside its own, by configuration key; set them before the first request.
    /// </summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sandbox in the application.</summary>
    public KameleoonSandbox Sandbox => this.GetSandbox();

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseKameleoonSandbox();
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
