using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>What counts as seen when an application hangs up.</summary>
[Collection(nameof(Databases))]
public sealed class HangUpTests(PostgreSqlServer postgres)
{
    private const string Decide = """{"keys":["checkout"]}""";
    private const string Shown = """{"events":[{"type":"exposure","key":"checkout"}]}""";

    [Theory]
    [InlineData("POST /kameleoon/decisions", Decide)]
    [InlineData("POST /kameleoon/events", Shown)]
    public async Task Who_hangs_up_with_the_answer_in_hand_has_seen_what_it_says(string request, string body)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform, new AfterTheAnswer());

        using (var caller = await AskAsync(site, request, body))
        {
            var answer = new StringBuilder();
            var buffer = new byte[4096];
            while (!answer.ToString().EndsWith("}\r\n", StringComparison.Ordinal)) // the end of the JSON, not of the response
            {
                var count = await caller.ReceiveAsync(buffer);
                count.ShouldBePositive(answer.ToString());
                answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            answer.ToString().ShouldStartWith("HTTP/1.1 20");
        }

        await StopAsync(site);
        platform.Exposures.ShouldBe(1);
    }

    [Theory]
    [InlineData("POST /kameleoon/decisions", Decide)]
    [InlineData("POST /kameleoon/events", Shown)]
    public async Task A_caller_that_hangs_up_before_the_answer_is_counted_all_the_same(string request, string body)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var before = new BeforeTheAnswer();
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform, before);

        using (await AskAsync(site, request, body))
        {
            await before.HasDecided.WaitAsync(HangGuard.Timeout);
        }

        await StopAsync(site);
        platform.Exposures.ShouldBe(1);
    }

    private static Task<IdentitySite> StartAsync(Store database, DataApi platform, HangUp when) => IdentitySite.StartAsync(
        database.AddTo,
        options => options.Endpoints.Tracking = platform.Address,
        services: services => services.AddSingleton<IStartupFilter>(when).AddSingleton(when));

    private static async Task<Socket> AskAsync(IdentitySite site, string request, string body)
    {
        var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync("127.0.0.1", site.Http.BaseAddress!.Port);
        await caller.SendAsync(Encoding.UTF8.GetBytes(
            $"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\n{UserHeader.Name}: anna\r\nCookie: kameleoonVisitorCode=annas\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        return caller;
    }

    private static async Task StopAsync(IdentitySite site)
    {
        await site.App.Services.GetRequiredService<HangUp>().IsOver.WaitAsync(HangGuard.Timeout);
        await site.App.StopAsync();
    }

    /// <summary>Lets a request be over only once its caller has hung up.</summary>
    private abstract class HangUp : IStartupFilter
    {
        private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task IsOver => _isOver.Task;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, go) =>
            {
                // Called last, as what completes was registered first.
                context.Response.OnCompleted(() =>
                {
                    _isOver.TrySetResult();
                    return Task.CompletedTask;
                });
                await AnswerAsync(context, go);
            });
            next(app);
        };

        protected abstract Task AnswerAsync(HttpContext context, RequestDelegate go);

        protected static async Task HungUpAsync(HttpContext context)
        {
            var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = context.RequestAborted.Register(hungUp.SetResult);
            await hungUp.Task;
        }
    }

    private sealed class BeforeTheAnswer : HangUp
    {
        private readonly TaskCompletionSource _hasDecided = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task HasDecided => _hasDecided.Task;

        protected override Task AnswerAsync(HttpContext context, RequestDelegate go)
        {
            context.Response.OnStarting(() =>
            {
                _hasDecided.TrySetResult();
                return HungUpAsync(context);
            });
            return go(context);
        }
    }

    private sealed class AfterTheAnswer : HangUp
    {
        protected override async Task AnswerAsync(HttpContext context, RequestDelegate go)
        {
            await go(context);
            await HungUpAsync(context);
        }
    }
}
