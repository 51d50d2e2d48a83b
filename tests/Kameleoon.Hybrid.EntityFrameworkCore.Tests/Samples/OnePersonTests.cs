using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OnePerson;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>The sample does what it is there to show.</summary>
public sealed partial class OnePersonTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("one-person");

    [Fact]
    public async Task A_phone_the_back_end_and_two_browsers_of_a_person_agree()
    {
        await using var backEnd = BackEnd.Build(new WebApplicationOptions
        {
            ApplicationName = "OnePerson",
            ContentRootPath = HostProcess.Sample,
            EnvironmentName = "Development",
            Args = ["--urls", "http://127.0.0.1:0", "--ConnectionStrings:Sqlite", $"Data Source={_folder.FullName}/one.db"],
        });
        await backEnd.StartAsync();
        var address = new Uri(backEnd.Urls.First());
        using var phone = new Phone(address);
        using var screen = new StringWriter();

        await phone.UseAsync("anna", screen);
        var pages = new[] { await ShowAsync(address, "anna"), await ShowAsync(address, "anna") };
        using var otherPhone = new Phone(address);
        await otherPhone.UseAsync("anna", screen);

        screen.ToString().ShouldContain(phone.VisitorCode);
        pages.ShouldAllBe(page => page.Person == "anna" && page.Label == phone.Label && page.VisitorCode == phone.VisitorCode);
        (otherPhone.VisitorCode, otherPhone.Label, otherPhone.Fee).ShouldBe((phone.VisitorCode, phone.Label, phone.Fee));
    }

    [Fact]
    public async Task One_command_starts_the_back_end_and_lets_a_phone_use_it()
    {
        using var database = await Store.CreateAsync("SQLite", null!);
        await using var server = await HostProcess.StartAsync(database, phone: true);

        await Eventually.IsTrueAsync(() => server.Lines.Any(line => line.StartsWith("Now sign in as anna at ", StringComparison.Ordinal)));

        server.Lines.ShouldContain(line => line.Contains("and something is bought", StringComparison.Ordinal));
        var code = await server.VisitorAsync(await server.SignInAsync("anna"));
        server.Lines.ShouldContain(line => line.Contains($"visitor {code}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/phone/sign-in")]
    [InlineData("/kameleoon/visitor")]
    [InlineData("/kameleoon/events")]
    [InlineData("/api/delivery")]
    public async Task A_phone_asks_again_when_the_store_is_slow_and_is_counted_once(string slow)
    {
        var keys = new List<string>();
        var failures = 2;
        await using var backEnd = BackEnd.Build(new WebApplicationOptions
        {
            ApplicationName = "OnePerson",
            ContentRootPath = HostProcess.Sample,
            EnvironmentName = "Development",
            Args = ["--urls", "http://127.0.0.1:0", "--ConnectionStrings:Sqlite", $"Data Source={_folder.FullName}/slow.db"],
        });
        ((IApplicationBuilder)backEnd).Use(next => async context =>
        {
            if (context.Request.Headers["Idempotency-Key"] is [{ } key, ..])
            {
                keys.Add(key);
            }

            if (context.Request.Path == slow && Interlocked.Decrement(ref failures) >= 0)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "0";
                return;
            }

            await next(context);
        });
        await backEnd.StartAsync();
        using var phone = new Phone(new Uri(backEnd.Urls.First()));
        using var screen = new StringWriter();

        await phone.UseAsync("anna", screen);

        screen.ToString().ShouldContain("and something is bought");
        keys.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        keys.Count.ShouldBe(slow is "/kameleoon/events" ? 4 : 2);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task A_phone_whose_requests_always_fail_asks_five_times_at_most_and_gives_up(int status)
    {
        var asked = 0;
        await using var backEnd = WebApplication.Create();
        backEnd.Urls.Add("http://127.0.0.1:0");
        backEnd.Run(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "0";
            return Task.CompletedTask;
        });
        await backEnd.StartAsync();
        using var phone = new Phone(new Uri(backEnd.Urls.First()));
        using var screen = new StringWriter();

        var failure = await Should.ThrowAsync<HttpRequestException>(() => phone.UseAsync("anna", screen));

        ((int?)failure.StatusCode).ShouldBe(status);
        asked.ShouldBe(status == 500 ? 1 : 5);
        screen.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_back_end_that_ends_without_being_stopped_logs_no_failure()
    {
        var log = new ConcurrentQueue<string>();
        var backEnd = BackEnd.Build(new WebApplicationOptions
        {
            ApplicationName = "OnePerson",
            ContentRootPath = HostProcess.Sample,
            EnvironmentName = "Development",
            Args = ["--urls", "http://127.0.0.1:0", "--ConnectionStrings:Sqlite", $"Data Source={_folder.FullName}/end.db"],
        });
        using var seen = new Failures(log);
        backEnd.Services.GetRequiredService<ILoggerFactory>().AddProvider(seen);
        await backEnd.StartAsync();
        var services = backEnd.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();

        // The host itself logs a service that is cancelled before it has begun.
        await Eventually.IsTrueAsync(static () => ThreadPool.PendingWorkItemCount == 0);
        await backEnd.DisposeAsync();
        await Eventually.IsTrueAsync(() => services.All(static service => service.ExecuteTask is null or { IsCompleted: true }));

        services.ShouldNotBeEmpty();
        services.ShouldAllBe(static service => service.ExecuteTask == null || !service.ExecuteTask.IsFaulted);
        log.ShouldBeEmpty();
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static async Task<(string Person, string Label, string VisitorCode)> ShowAsync(Uri address, string name)
    {
        var jar = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = jar }) { BaseAddress = address };
        (await browser.GetStringAsync(address)).ShouldContain("nobody");
        var before = jar.GetCookies(address)["kameleoonVisitorCode"]!.Value;

        var page = await browser.GetStringAsync(new Uri(address, "/sign-in?name=" + name));

        var code = jar.GetCookies(address)["kameleoonVisitorCode"]!.Value;
        code.ShouldNotBe(before, StringComparer.Ordinal);
        page.ShouldContain($"\"Visitor.setVisitorCode\",\"{code}\"");
        return (Person.Match(page).Groups["text"].Value, WebUtility.HtmlDecode(Label.Match(page).Groups["text"].Value), code);
    }

    private sealed class Failures(ConcurrentQueue<string> texts) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                texts.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }

    [GeneratedRegex("data-testid=\"person\">(?<text>[^<]*)<", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Person { get; }

    [GeneratedRegex("data-testid=\"buy\"[^>]*>(?<text>[^<]*)<", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Label { get; }
}
