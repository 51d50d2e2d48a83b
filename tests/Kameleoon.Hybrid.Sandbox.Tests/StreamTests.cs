using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>What the event stream tells a client from its first byte on.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task A_message_that_a_test_sends_as_soon_as_the_stream_is_open_comes()
    {
        await using var site = await SandboxSite.StartAsync();
        var messages = site.Services.GetRequiredService<StreamTestMessages>();
        using var leaving = new CancellationTokenSource();
        using var body = new WatchedBody(flush =>
        {
            if (flush == 1)
            {
                messages.Send("foreign");
            }
            else
            {
                leaving.Cancel();
            }
        });
        var context = new DefaultHttpContext { RequestAborted = leaving.Token, Response = { Body = body } };

        await site.Services.GetRequiredService<StreamEndpoint>().GetAsync(context).WaitAsync(HangGuard.Timeout);

        System.Text.Encoding.UTF8.GetString(body.ToArray()).ShouldContain("another-site");
    }

    /// <summary>Tells of every flush, with its number.</summary>
    private sealed class WatchedBody(Action<int> flushed) : MemoryStream
    {
        private int _flushes;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            flushed(++_flushes);
            return Task.CompletedTask;
        }
    }
}
