using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Puts the sandbox into an application under test, which does not refer to it.</summary>
public static class KameleoonWebHostBuilderExtensions
{
    private const string Prefix = "/_kameleoon";

    /// <summary>Lets the application's default project use the sandbox in the same process instead of the platform. Call it
    /// in <c>ConfigureWebHost</c> of a <c>WebApplicationFactory</c>.</summary>
    /// <param name="builder">The host of the application, which calls <c>AddKameleoonHybrid</c>.</param>
    /// <param name="project">The project to serve, absolute or relative to the folder of the test's assembly. Null, the
    /// default, serves what <c>Kameleoon:Sandbox:DataFile</c> names, and without it <c>kameleoon.json</c> in the content root of
    /// the application. <see cref="KameleoonSandbox.SetProject"/> replaces it.</param>
    /// <remarks>Everything received is kept in memory. Where the application sets no site code, it gets one. Browsers find the
    /// engine and the live page below <c>/_kameleoon</c>. Harmless for an application that calls <c>UseSandbox()</c>
    /// itself.</remarks>
    /// <exception cref="FileNotFoundException">There is no file <paramref name="project"/>.</exception>
    public static IWebHostBuilder UseKameleoonSandbox(this IWebHostBuilder builder, string? project = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (project is not null)
        {
            var file = Path.GetFullPath(project, AppContext.BaseDirectory);
            if (!File.Exists(file))
            {
                throw new FileNotFoundException(
                    $"There is no project at {file}. Copy it there: <None Include=\"{project}\" "
                    + "CopyToOutputDirectory=\"PreserveNewest\" /> in the project file of the tests.", file);
            }

            builder.UseSetting("Kameleoon:Sandbox:DataFile", file);
        }

        builder.UseSetting("Kameleoon:Sandbox:Enabled", "true");
        builder.UseSetting("Kameleoon:Sandbox:Storage", "");
        builder.UseSetting("Kameleoon:RefreshInterval", "00:00:01");
        builder.UseSetting("Kameleoon:Configuration:Mode", "Streaming");
        return builder.ConfigureTestServices(AddSandbox);
    }

    private static void AddSandbox(IServiceCollection services)
    {
        if (services.All(static service => service.ServiceType != typeof(IKameleoonConfiguration)))
        {
            throw new InvalidOperationException(
                "The application has no experiments to test. Let it call builder.Services.AddKameleoonHybrid(…).");
        }

        services.PostConfigure<KameleoonOptions>(static options =>
            options.SiteCode = options.SiteCode is { Length: > 0 } set ? set : "sandbox000");
        services.AddSingleton<Journal>();
        services.AddSingleton<Listeners.IKameleoonListener>(static provider => provider.GetRequiredService<Journal>());
        services.AddTransient<IStartupFilter>(static _ => new SandboxPages(Prefix));

        // Adds nothing to what the application registered; it leads to the builder.
        services.AddKameleoonHybrid(static _ => { }).UseSandbox(Prefix);
    }
}
