using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>How the application's start waits for the data file, or does not.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_start_in_the_background_does_not_wait_and_the_data_file_comes_later()
    {
        var arrived = new TaskCompletionSource();
        var platform = new StubPlatform
        {
            DataFile = _ => new HttpResponseMessage { Content = new LateContent(arrived.Task) },
        };
        await using var site = await TestSite.StartAsync(
            options => options.Configuration.Start = StartMode.Background, platform: platform);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");
        arrived.SetResult();

        await Eventually.IsTrueAsync(async () => await site.ReadAsync("/decide/checkout") == "on");
    }

    [Fact]
    public async Task A_required_data_file_that_does_not_come_fails_the_start_and_says_why()
    {
        var platform = new StubPlatform { DataFile = _ => new HttpResponseMessage(HttpStatusCode.NotFound) };

        var clock = new ManualClock();
        var starting = TestSite.StartAsync(
            options =>
            {
                options.Configuration.Start = StartMode.Require;
                options.StartTimeout = TimeSpan.FromMilliseconds(200);
            },
            platform: platform,
            clock: clock);

        await Eventually.IsTrueAsync(clock.IsAwaitedBy<RefreshSignal>);
        await clock.MovePastDeadlineAsync(TimeSpan.FromMilliseconds(200));
        var error = await Should.ThrowAsync<InvalidOperationException>(() => starting);

        error.Message.ShouldContain("Kameleoon:StartTimeout (00:00:00.2000000)");
        error.Message.ShouldContain("404 (NotFound), as it does where it does not know Kameleoon:SiteCode");
        error.Message.ShouldContain("Kameleoon:Configuration:Start is Require");
    }

    [Fact]
    public async Task A_required_data_file_may_come_at_the_second_attempt()
    {
        var answers = 0;
        var platform = new StubPlatform
        {
            DataFile = _ => answers++ == 0
                ? new HttpResponseMessage(HttpStatusCode.Forbidden)
                : StubPlatform.Json(DataFiles.Shop),
        };
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.Configuration.Start = StartMode.Require;
                options.Configuration.RetryDelay = TimeSpan.FromMilliseconds(10);
            },
            platform: platform);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Fact]
    public async Task Services_that_start_find_the_data_file_whatever_the_order_of_registration()
    {
        string? found = null;
        await using var site = await TestSite.StartAsync(services: services => services.Insert(
            0, ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService>(provider => new Starter(() =>
                found = provider.GetRequiredService<IKameleoonClientFactory>().ForVisitor("v").GetVariation("checkout").Key))));

        found.ShouldBe("on");
    }

    [Fact]
    public async Task After_a_failed_start_the_data_file_is_asked_for_again_long_before_the_interval_is_over()
    {
        var clock = new ManualClock();
        var platform = new StubPlatform { DataFile = _ => new HttpResponseMessage(HttpStatusCode.Forbidden) };
        await using var site = await TestSite.StartAsync(platform: platform, clock: clock);

        platform.DataFile = _ => StubPlatform.Json(DataFiles.Shop);
        await site.RefreshAsync(TimeSpan.FromSeconds(5));

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    private sealed class Starter(Action start) : Microsoft.Extensions.Hosting.IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>The data file, as soon as a test lets it go.</summary>
    private sealed class LateContent(Task arrived) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await arrived;
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(DataFiles.Shop));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
