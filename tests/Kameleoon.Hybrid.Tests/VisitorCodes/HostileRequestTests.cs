using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Xunit.Abstractions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Whatever a request says, it gets a code that breaks nothing, and nothing else of it comes back.</summary>
/// <remarks>Each run makes up other requests. To repeat one, set HOSTILE_SEED to the seed it printed.</remarks>
public sealed partial class HostileRequestTests(ITestOutputHelper output)
{
    private const int Requests = 100_000;
    private const int RawRequests = 300;
    private const int Timeout = 10_000;

    private static readonly string?[] Sites = [null, null, "same-origin", "same-site", "cross-site", "none", "SAME-ORIGIN", "x"];
    private static readonly string?[] Destinations = [null, "document", "empty", "image", "DOCUMENT"];
    private static readonly string[] Methods = ["GET", "GET", "HEAD", "POST", "PUT", "get"];

    private static readonly string[] KnownHeaders =
        ["HTTP/1.1 200 OK", "Connection", "Content-Type", "Content-Length", "Date", "Server", "Cache-Control", "Set-Cookie", "Transfer-Encoding"];

    [Fact]
    public async Task A_hundred_thousand_hostile_requests_get_a_valid_code_and_no_echo()
    {
        var hostile = new HostileText(Seed());
        await using var site = await TestSite.StartAsync();
        var code = "";
        var requests = new InProcess(site.App.Services, context =>
        {
            code = RequestVisitor.Of(context).Client.GetVisitorCode();
            return Task.CompletedTask;
        });

        var adopted = 0;
        for (var i = 0; i < Requests; i++)
        {
            string[] cookies = [.. Enumerable.Range(0, i % 3).Select(_ => hostile.Next())];
            var (fetchSite, destination, method) = (Sites[i / 3 % 8], Destinations[i / 24 % 5], Methods[i / 120 % 6]);
            var query = "?" + hostile.Next() + (i % 2 == 0 ? "&kameleoonVisitorCode=" + hostile.Next() : "");

            var response = await requests.SendAsync(request =>
            {
                request.Method = method;
                request.Headers.Cookie = cookies;
                request.Headers["Sec-Fetch-Site"] = fetchSite;
                request.Headers["Sec-Fetch-Dest"] = destination;
                request.QueryString = new QueryString(query);
            });

            var expected = FromCookies(cookies) ?? (IsBelieved(method, fetchSite, destination) ? FromQuery(query) : null);
            adopted += expected is null ? 0 : 1;
            if (!(expected is null ? Generated().IsMatch(code) : code == expected)
                || response.Headers.SetCookie.Any(cookie => !IsOurs(cookie, code)))
            {
                Assert.Fail($"Request {i} ({method} {fetchSite} {destination}) got {code} and {JsonSerializer.Serialize(response.Headers.SetCookie)}: "
                    + $"{JsonSerializer.Serialize(cookies)} {JsonSerializer.Serialize(query)}");
            }
        }

        adopted.ShouldBeInRange(Requests / 300, Requests / 2);

        // Nor is anything echoed into the log, whose texts would differ then.
        site.Log.Texts().Distinct(StringComparer.Ordinal).Count().ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Sent_byte_for_byte_they_are_answered_or_refused_by_the_server()
    {
        var hostile = new HostileText(Seed());
        await using var site = await TestSite.StartAsync();
        var answered = 0;

        for (var i = 0; i < RawRequests; i++)
        {
            var path = "/code?kameleoonVisitorCode=" + (i % 3 == 0 ? Uri.EscapeDataString(Whole(hostile.Next())) : "x");
            var cookie = "kameleoonVisitorCode=" + hostile.Next();
            var request = $"request {i}: {path} {JsonSerializer.Serialize(cookie)}";

            var (status, headers, body) = await SendAsync(site.Http.BaseAddress!, path, cookie);

            ((int)status).ShouldBeOneOf([200, 400, 404, 414, 431], request);
            if (status == HttpStatusCode.OK)
            {
                answered++;
                Valid().IsMatch(body).ShouldBeTrue($"{body} for {request}");
                headers.ShouldAllBe(line => KnownHeaders.Contains(line.Split(": ")[0]), request);
                headers.Where(line => line.StartsWith("Set-Cookie: ", StringComparison.Ordinal))
                    .ShouldAllBe(line => IsOurs(line.Substring(12), body), request);
            }
        }

        answered.ShouldBeGreaterThan(RawRequests / 10);
        (await site.ReadAsAsync("still-here", "/code")).ShouldBe("still-here");
    }

    private int Seed()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("HOSTILE_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return seed;
    }

    // Written anew from the documentation, not from the code.
    private static string? FromCookies(string[] headers) => headers.SelectMany(header => header.Split(';'))
        .Select(pair => pair.Trim(' ').Split('=', 2))
        .FirstOrDefault(pair => pair is ["kameleoonVisitorCode", var value] && Valid().IsMatch(value))?[1];

    private static bool IsBelieved(string method, string? site, string? destination) =>
        site is "same-origin"
        || ((site is null or "same-site") && (method.ToUpperInvariant() is "GET" or "HEAD") && (destination is null or "document"));

    private static string? FromQuery(string query) =>
        QueryHelpers.ParseQuery(query).FirstOrDefault(
            pair => pair.Key.Equals("kameleoonVisitorCode", StringComparison.OrdinalIgnoreCase)).Value is [{ } value]
        && ValidInAddress().IsMatch(value)
            ? value
            : null;

    private static bool IsOurs(string? cookie, string code) =>
        OurCookie().Match(cookie!) is { Success: true } match && match.Groups["code"].Value == code;

    // Lone surrogates cannot be escaped.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static async Task<(HttpStatusCode Status, string[] Headers, string Body)> SendAsync(
        Uri site, string path, string cookie)
    {
        try
        {
            var (status, headers, body) = await RawHttp.GetAsync(site, path, cookie).WaitAsync(HangGuard.Timeout);
            return (status, headers.Split("\r\n"), body);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server hung up on it before the answer was read.
            return (HttpStatusCode.BadRequest, [], "");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]{16}\z", RegexOptions.None, Timeout)]
    private static partial Regex Generated();

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&()*+./:=?@[\]^_`{|}~-]{1,255}\z", RegexOptions.None, Timeout)]
    private static partial Regex Valid();

    [GeneratedRegex(@"^[A-Za-z0-9._~-]{1,100}\z", RegexOptions.None, Timeout)]
    private static partial Regex ValidInAddress();

    [GeneratedRegex(
        @"^kameleoonVisitorCode(Stamp=\d{5}\.|=)(?<code>[^;]+); expires=[A-Z][a-z]{2}, [0-9A-Za-z: ]+ GMT; "
            + @"max-age=32832000; path=/; samesite=lax(; httponly)?\z",
        RegexOptions.ExplicitCapture,
        Timeout)]
    private static partial Regex OurCookie();
}
