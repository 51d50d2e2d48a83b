namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>The application's provider of consent and its detector of bots are asked once for a request, however many parts of
/// the library need the answer.</summary>
[Collection(nameof(Databases))]
public sealed class AskedOnceTests(PostgreSqlServer postgres) : IAsyncLifetime
{
    private readonly Asked _provider = new();
    private readonly Asked _detector = new();
    private Store _database = null!;

    public async Task InitializeAsync() => _database = await Store.CreateAsync("SQLite", postgres);

    public Task DisposeAsync()
    {
        _database.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public async Task A_page_of_a_signed_in_user_asks_once(bool? answer)
    {
        await using var site = await StartAsync(answer);
        await site.Identity.LinkAsync("anna", "annas");

        await site.GoAsync("anna", "annas", path: "/decide");

        (_provider.Count, _detector.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_page_asks_once_where_servers_share_sessions()
    {
        await using var site = await StartAsync(true, isShared: true);

        (await site.GoAsync(code: "nobodys", path: "/decide")).Code.ShouldBe("Rule");

        (_provider.Count, _detector.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task What_a_page_of_a_signed_in_user_reports_asks_once()
    {
        await using var site = await StartAsync(true);

        await site.GoAsync("anna", "annas", destination: "image", path: "/kameleoon/seen?e=7001.81001");

        site.TakeEvents().ShouldContain(static tracked => tracked.Kind == TrackingEventKind.Exposure);
        (_provider.Count, _detector.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task The_next_request_is_asked_again()
    {
        await using var site = await StartAsync(true);
        (await site.GoAsync("anna", "annas", path: "/decide")).Code.ShouldBe("Rule");
        _provider.Answer = false;

        (await site.GoAsync("anna", "annas", path: "/decide")).Code.ShouldBe("Consent");

        _provider.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_provider_that_fails_is_not_asked_again_in_the_request()
    {
        await using var site = await StartAsync(null);
        _provider.Fails = true;

        (await site.GoAsync("anna", "annas", path: "/decide")).Code.ShouldBe("Rule");

        _provider.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("annas")]
    [InlineData("other")]
    [InlineData(null)]
    public async Task A_call_of_an_application_asks_once(string? cookie)
    {
        await using var site = await StartAsync(true);
        await site.Identity.LinkAsync("anna", "annas");

        (await site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}", code: cookie)).Status.ShouldBe(200);

        _provider.Count.ShouldBe(1);
        _detector.Count.ShouldBeLessThanOrEqualTo(1);
    }

    private Task<IdentitySite> StartAsync(bool? answer, bool isShared = false)
    {
        _provider.Answer = answer;
        return IdentitySite.StartAsync(
            kameleoon => isShared ? _database.AddTo(kameleoon).AddSharedSessions() : _database.AddTo(kameleoon),
            options => options.Bots.Detect = true,
            dataFile: IdentitySite.Experiments.Replace("NOT_REQUIRED", "REQUIRED", StringComparison.Ordinal),
            services: services => services.AddSingleton<IKameleoonConsentProvider>(_provider).AddSingleton<IBotDetector>(_detector));
    }

    private sealed class Asked : IKameleoonConsentProvider, IBotDetector
    {
        private int _count;

        internal bool? Answer { get; set; }

        internal bool Fails { get; set; }

        internal int Count => Volatile.Read(ref _count);

        public bool? GetConsent(HttpContext context)
        {
            Interlocked.Increment(ref _count);
            return Fails ? throw new InvalidOperationException("The provider's own trouble.") : Answer;
        }

        public bool IsBot(HttpRequest request)
        {
            Interlocked.Increment(ref _count);
            return false;
        }
    }
}
