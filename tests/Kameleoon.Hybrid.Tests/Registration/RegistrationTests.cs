using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void Every_service_can_be_built_and_lives_as_long_as_it_should()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKameleoonHybrid(options => options.SiteCode = "s");

        Should.NotThrow(() => services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }).Dispose());
    }

    [Fact]
    public void Adding_twice_adds_once_and_applies_both_settings()
    {
        var once = new ServiceCollection();
        var twice = new ServiceCollection();
        once.AddKameleoonHybrid(options => options.SiteCode = "first");
        twice.AddKameleoonHybrid(options => options.SiteCode = "first");
        twice.AddKameleoonHybrid(options => options.Environment = "staging");

        using var provider = twice.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<KameleoonOptions>>().Value;

        (options.SiteCode, options.Environment).ShouldBe(("first", "staging"));
        HostedServices(twice).ShouldBe(HostedServices(once));
        provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(PlatformClients.Data)
            .HttpMessageHandlerBuilderActions.Count.ShouldBe(HandlerActions(once));
    }

    [Fact]
    public void No_redirect_can_turn_a_post_of_events_into_a_get_without_them()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKameleoonHybrid(options => options.SiteCode = "s");
        using var provider = services.BuildServiceProvider();
        foreach (var name in PlatformClients.All)
        {
            var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);
            while (handler is DelegatingHandler { InnerHandler: { } inner })
            {
                handler = inner;
            }

            handler.ShouldBeOfType<SocketsHttpHandler>().AllowAutoRedirect.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task The_middleware_without_the_services_names_the_missing_call()
    {
        await using var app = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder().Build();

        Should.Throw<InvalidOperationException>(() => app.UseKameleoonVisitorCode())
            .Message.ShouldContain("AddKameleoonHybrid");
    }

    [Fact]
    public async Task The_client_outside_of_a_request_names_the_factory()
    {
        await using var site = await TestSite.StartAsync();
        await using var scope = site.App.Services.CreateAsyncScope();

        Should.Throw<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<IKameleoonClient>())
            .Message.ShouldContain("IKameleoonClientFactory");
    }

    private static int HostedServices(IServiceCollection services) =>
        services.Count(static service => service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService));

    private static int HandlerActions(ServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(PlatformClients.Data)
            .HttpMessageHandlerBuilderActions.Count;
    }
}
