namespace Kameleoon.Hybrid.Tests;

/// <summary>An application with a project of its own, whose flag is <c>checkout</c>, and the project <c>b</c>, whose flag is
/// <c>basket</c>.</summary>
internal sealed class TwoProjects
{
    internal static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    /// <summary>A host of the project <c>b</c>.</summary>
    internal static readonly (string, string) BrandB = ("Host", "b.example.com");

    /// <summary>The platform of the project <c>b</c>.</summary>
    internal StubPlatform Other { get; } = DataFiles.Serving(DataFiles.Site()
        .Replace("7001", "9001", StringComparison.Ordinal)
        .Replace("\"checkout\"", "\"basket\"", StringComparison.Ordinal));

    /// <summary>Starts the application.</summary>
    /// <param name="options">Settings of its own project.</param>
    /// <param name="brand">Settings of the project <c>b</c>.</param>
    /// <param name="map">Its endpoints.</param>
    /// <param name="services">Further services.</param>
    internal Task<TestSite> StartAsync(
        Action<KameleoonOptions>? options = null,
        Action<KameleoonOptions>? brand = null,
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? services = null) => TestSite.StartAsync(
            options,
            map,
            services: all =>
            {
                services?.Invoke(all);
                all.AddHealthChecks().AddKameleoonHybrid().AddKameleoonHybrid("brand", project: "b");
                TestSite.Connect(
                    all.AddKameleoonHybrid("b", settings =>
                    {
                        settings.SiteCode = "brandb";
                        settings.Hosts.Add("b.example.com");
                        settings.Hosts.Add("*.brand-b.test");
                        settings.Configuration.LastGoodCopy = false;
                        brand?.Invoke(settings);
                    }),
                    Other);
            });
}
