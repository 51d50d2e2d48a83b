using System.Globalization;

#pragma warning disable CA5394 // Walks are repeated by their seed.

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

// What browsers decide.
internal sealed partial class FarmWalk
{
    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private static readonly string[] ByServer = ["html", "json", "missing", "throws"];

    private Task DecideAsync(WalkDevice device, int server)
    {
        var flag = _random.Next(WalkShop.Flags);
        return _random.Next(14) switch
        {
            0 or 1 or 2 => DecideOnPageAsync(device, server, flag, PageKind.Runs),
            3 => DecideOnPageAsync(device, server, flag, PageKind.Blocked),
            4 => DecideOnPageAsync(device, server, flag, PageKind.Left),
            5 => DecideAheadAsync(device, server, flag, isShown: _random.Next(2) == 0),
            6 => DecideAheadOfJsonAsync(device, server, flag),
            7 or 8 or 9 => DecideByServerAsync(device, server, flag, ByServer[_random.Next(ByServer.Length)]),
            10 or 11 => RedirectAsync(device, server, flag),
            12 => DecideForHeadAsync(device, server, flag),
            _ => _random.Next(2) == 0 ? DecideForBotAsync(device, server, flag) : DecideInScriptAsync(device, server, flag),
        };
    }

    private async Task DecideOnPageAsync(WalkDevice device, int server, int flag, PageKind kind)
    {
        var path = PathOf(flag, "page");
        var before = device.Browser.Code;
        var page = await OpenAsync(device, server, path);
        if (kind == PageKind.Left && before != page.Code)
        {
            // The first page with this code: the next one may have another.
            kind = PageKind.Runs;
        }

        foreach (var decided in Decided(device))
        {
            var given = ConsentOf(device, decided.Code) == true;
            _oracle.Expect(decided.Code, flag, given && IsShared(device, page));
            if (kind == PageKind.Runs && given)
            {
                _oracle.Mark(server, decided.Code, flag);
            }
        }

        await EndPageAsync(device, page, kind, path);
    }

    private async Task EndPageAsync(WalkDevice device, WalkAnswer page, PageKind kind, string path)
    {
        var other = _random.Next(2);
        if (kind == PageKind.Runs)
        {
            RunEngine(device, page);
        }
        else if (kind == PageKind.Left)
        {
            await ShareAsync();
            _story.Add($"a script leaves {path}");
            var next = await OpenAsync(
                device, other, WalkShop.Path + "page", HttpMethod.Get, ("Referer", "https://shop.example" + path));
            RunEngine(device, next);
            foreach (var (flag, _) in next.ForEngine)
            {
                // An earlier page of this address may have reported it.
                _oracle.Expect(next.Code, flag, must: false);
            }
        }
        else if (page.Seen is { } seen)
        {
            Note(device, other, "the engine is blocked: " + seen, await device.Browser.FetchAsync(other, HttpMethod.Post, seen));
        }
    }

    private async Task DecideAheadAsync(WalkDevice device, int server, int flag, bool isShown)
    {
        var page = await OpenAsync(device, server, PathOf(flag, "page"), HttpMethod.Get, ("Sec-Purpose", "prefetch"));
        foreach (var decided in Decided(device))
        {
            if (isShown)
            {
                _oracle.Expect(decided.Code, flag, ConsentOf(device, decided.Code) == true && IsShared(device, page));
            }
        }

        if (isShown)
        {
            _story.Add("it is shown");
            RunEngine(device, page);
        }
    }

    private async Task DecideAheadOfJsonAsync(WalkDevice device, int server, int flag)
    {
        await OpenAsync(device, server, PathOf(flag, "json"), HttpMethod.Get, ("Sec-Purpose", "prefetch"));
        Drop(device, "unseen");
    }

    private async Task DecideForHeadAsync(WalkDevice device, int server, int flag)
    {
        await OpenAsync(device, server, PathOf(flag, "json"), HttpMethod.Head);
        Drop(device, "head");
    }

    private async Task DecideForBotAsync(WalkDevice device, int server, int flag)
    {
        await OpenAsync(device, server, PathOf(flag, "page"), HttpMethod.Get, ("User-Agent", Googlebot));
        _farm.Shop.TakeDecisions().ShouldHaveSingleItem().Reason.ShouldBe(DecisionReason.Bot);
        _oracle.Drop("bot");
    }

    private async Task DecideByServerAsync(WalkDevice device, int server, int flag, string answer)
    {
        var page = await OpenAsync(device, server, PathOf(flag, answer));
        ExpectByServer(device, server, page);
        RunEngine(device, page);
    }

    private async Task DecideInScriptAsync(WalkDevice device, int server, int flag)
    {
        var answer = await device.Browser.FetchAsync(server, HttpMethod.Get, PathOf(flag, "json"));
        Note(device, server, PathOf(flag, "script"), answer);
        ExpectByServer(device, server, answer);
    }

    private void ExpectByServer(WalkDevice device, int server, WalkAnswer answer)
    {
        foreach (var decided in Decided(device))
        {
            if (IsShared(device, answer))
            {
                _oracle.ExpectOnce(server, decided.Code, decided.Flag, ConsentOf(device, decided.Code) == true);
            }
        }
    }

    private async Task RedirectAsync(WalkDevice device, int server, int flag)
    {
        var answer = await OpenAsync(
            device, server, PathOf(flag, "redirect"), _random.Next(2) == 0 ? HttpMethod.Get : HttpMethod.Post);
        foreach (var decided in Decided(device))
        {
            _oracle.Expect(decided.Code, flag, ConsentOf(device, decided.Code) == true && IsShared(device, answer));
        }

        await LearnLinksAsync(device);
        await ShareAsync();
        if (_random.Next(2) == 0)
        {
            await ShowAsync(device, _random.Next(2), WalkShop.Path + "page");
        }
    }

    // After a refusal, no experiment is decided.
    private List<WalkDecision> Decided(WalkDevice device)
    {
        var decisions = _farm.Shop.TakeDecisions();
        foreach (var decided in decisions)
        {
            _oracle.Decided(decided, ConsentOf(device, decided.Code));
        }

        return [.. decisions.Where(decided => ConsentOf(device, decided.Code) != false)];
    }

    private void Drop(WalkDevice device, string reason)
    {
        if (Decided(device).Count > 0)
        {
            _oracle.Drop(reason);
        }
    }

    private bool? ConsentOf(WalkDevice device, string code) => _oracle.ConsentOf(code, device.Browser.HasRefused);

    private void CompareDrops()
    {
        foreach (var (reason, count) in _oracle.Dropped.Where(_ => !_row.RequiresConsent))
        {
            _farm.Dropped(reason).ShouldBe(count, reason);
        }

        foreach (var reason in (string[])["overflow", "expired", "stop", "too_large", "no_configuration", "other_visitor"])
        {
            _farm.Dropped(reason).ShouldBe(0, reason);
        }
    }

    private static string PathOf(int flag, string answer) =>
        string.Create(CultureInfo.InvariantCulture, $"{WalkShop.Path}step/{flag}?answer={answer}");

    private enum PageKind
    {
        Runs,
        Blocked,
        Left,
    }
}
