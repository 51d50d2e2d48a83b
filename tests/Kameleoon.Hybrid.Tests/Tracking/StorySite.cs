using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A site whose clock stands still, with the platform that answered the recorded SDKs.</summary>
internal sealed class StorySite : IAsyncDisposable
{
    private static readonly string History =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "RemoteData", "visitor-response.json"));

    private readonly TestSite _site;
    private int _taken;

    private StorySite(TestSite site, StubStream stream) => (_site, Stream) = (site, stream);

    internal StubStream Stream { get; }

    internal StubPlatform Platform => _site.Platform;

    internal static async Task<StorySite> StartAsync(Action<KameleoonOptions>? options, string dataFile)
    {
        var stream = new StubStream();
        var platform = new StubPlatform
        {
            DataFile = _ => StubPlatform.Json(dataFile, new DateTimeOffset(2025, 11, 3, 10, 0, 0, TimeSpan.Zero)),
            Stream = () => stream.Response,
            Remote = (request, _) => Task.FromResult(StubPlatform.Json(
                request.RequestUri!.AbsolutePath == "/map/map" ? """{"warehouseAudiences":{"vip":1,"gold":1}}""" : History)),
        };
        var site = await TestSite.StartAsync(
            settings =>
            {
                settings.Resilience.Tracking.AttemptTimeout = TimeSpan.FromMinutes(1);
                settings.Configuration.HeartbeatTimeout = TimeSpan.FromHours(1); // A stream is silent meanwhile.
                settings.SessionDuration = TimeSpan.FromHours(2);
                settings.Tracking.ExposureDeduplication = false;
                options?.Invoke(settings);
            },
            platform: platform,
            clock: new ManualClock());
        return new StorySite(site, stream);
    }

    internal IKameleoonClient For(string visitor) =>
        _site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    internal async Task FlushAsync(string visitor) => (await For(visitor).FlushAsync()).ShouldBeTrue();

    /// <summary>What a page of the visitor tells the engine of all flags.</summary>
    internal string EngineCode(string visitor)
    {
        var page = For(visitor);
        page.GetVariations(track: false);
        return page.GetEngineTrackingCode();
    }

    internal async Task RefusedAsync(string visitor, HttpStatusCode status)
    {
        Platform.AnswerTrackingWith(status);
        (await For(visitor).FlushAsync()).ShouldBeFalse();
    }

    /// <summary>Lets time pass until that many requests of this step were sent and answered.</summary>
    internal Task SentAsync(int count) => Eventually.IsTrueAsync(async () =>
    {
        if (Platform.Requests.Count() - _taken >= count)
        {
            return Platform.Open == 0; // Else it could take the answer that is meant for the next step.
        }

        await MoveAsync(TimeSpan.FromSeconds(1));
        await Task.Delay(10);
        return false;
    });

    internal Task MoveAsync(TimeSpan span) => _site.MoveAsync(span);

    /// <summary>What was sent since the last look.</summary>
    internal IReadOnlyList<WireRequest> TakeSent()
    {
        WireRequest[] sent = [.. Platform.Requests.Skip(_taken).Select(WireRequest.Of)];
        _taken += sent.Length;
        return sent;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
