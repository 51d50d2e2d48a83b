using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What an application adds to all its HTTP clients does not change the deadlines and retries of the library's.</summary>
public sealed class DefaultHandlerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resilience_handler_that_is_added_by_default_does_not_repeat_requests(bool isAddedFirst)
    {
        using var platform = new StubPlatform { DataFile = _ => new HttpResponseMessage(HttpStatusCode.BadGateway) };
        await using var provider = Provide(
            platform,
            services => services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler(
                options => options.Retry.Delay = TimeSpan.Zero)),
            isAddedFirst);

        await provider.GetRequiredService<IKameleoonConfiguration>().RefreshAsync();

        platform.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Each_client_goes_without_default_resilience_and_keeps_other_default_handlers(string client)
    {
        using var platform = new StubPlatform();
        await using var provider = Provide(
            platform,
            services => services
                .AddTransient<Passing>()
                .ConfigureHttpClientDefaults(http =>
                {
                    http.AddHttpMessageHandler<Passing>();
                    http.AddStandardResilienceHandler();
                }),
            isAddedFirst: true);

        var handlers = HandlersOf(provider, client);

        handlers.ShouldContain(handler => handler is Passing);
        handlers.ShouldNotContain(handler => handler is Microsoft.Extensions.Http.Resilience.ResilienceHandler);
    }

    [Fact]
    public async Task A_resilience_handler_that_is_meant_for_the_clients_of_the_library_stays()
    {
        using var platform = new StubPlatform();
        await using var provider = Provide(
            platform, static _ => { }, isAddedFirst: true, http => http.AddStandardResilienceHandler());

        HandlersOf(provider, PlatformClients.Data)
            .ShouldContain(handler => handler is Microsoft.Extensions.Http.Resilience.ResilienceHandler);
    }

    public static TheoryData<string> Clients => [.. PlatformClients.All];

    private static List<HttpMessageHandler> HandlersOf(IServiceProvider provider, string client)
    {
        var handlers = new List<HttpMessageHandler>();
        HttpMessageHandler? handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(client);
        while (handler is not null)
        {
            handlers.Add(handler);
            handler = (handler as DelegatingHandler)?.InnerHandler;
        }

        return handlers;
    }

    private static ServiceProvider Provide(
        StubPlatform platform,
        Action<IServiceCollection> defaults,
        bool isAddedFirst,
        Action<IHttpClientBuilder>? meant = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        if (isAddedFirst)
        {
            defaults(services);
        }

        services
            .AddKameleoonHybrid(options =>
            {
                options.SiteCode = "abcde12345";
                options.Configuration.LastGoodCopy = false;
                options.Resilience.Configuration.Retries = 0;
            })
            .ConfigureHttpClients(http =>
            {
                http.ConfigurePrimaryHttpMessageHandler(() => platform);
                meant?.Invoke(http);
            });
        if (!isAddedFirst)
        {
            defaults(services);
        }

        return services.BuildServiceProvider();
    }

    private sealed class Passing : DelegatingHandler;
}
