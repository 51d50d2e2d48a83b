using System.Globalization;

#pragma warning disable CA5394 // Walks are repeated by their seed.

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>A random walk of three persons, with browsers of their own, one that they share, and phones, over a farm.</summary>
internal sealed partial class FarmWalk
{
    private static readonly string[] People = ["anna", "bert", "carl"];

    private readonly WalkFarm _farm;
    private readonly WalkRow _row;
    private readonly Random _random;
    private readonly WalkOracle _oracle;
    private readonly List<WalkDevice> _devices = [];
    private readonly List<KeyedEvent> _keyed = [];
    private readonly HashSet<string> _codes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly List<string> _story = [];
    private int _unsent = -1;

    internal FarmWalk(WalkFarm farm, WalkRow row)
    {
        (_farm, _row, _random, _oracle) = (farm, row, new Random(row.Seed), new WalkOracle(row));
        foreach (var person in People)
        {
            _devices.Add(new(person + "-laptop", new WalkBrowser(farm), person, IsPhone: false));
            _devices.Add(new(person + "-desktop", new WalkBrowser(farm), person, IsPhone: false));
            _devices.Add(new(person + "-phone", new WalkBrowser(farm) { Code = $"app-of-{person}-{row.Seed}", KeepsCookies = false }, person, IsPhone: true));
        }

        _devices.Add(new("tablet", new WalkBrowser(farm), null, IsPhone: false));
    }

    /// <summary>Takes some steps, and compares what arrived with what had to.</summary>
    internal async Task RunAsync(int steps)
    {
        try
        {
            for (var step = 0; step < steps; step++)
            {
                await StepAsync();
            }

            await _farm.FlushAsync();
            await _farm.StopAsync(0);
            await _farm.StopAsync(1);
            _oracle.Compare(_farm.Events);
            CompareKeys();
            CompareDrops();
        }
        catch (ShouldAssertException e)
        {
            throw new ShouldAssertException($"{_row}{Environment.NewLine}{string.Join(Environment.NewLine, _story)}{Environment.NewLine}{e.Message}", e);
        }
    }

    private async Task StepAsync()
    {
        var server = _random.Next(2);
        if (_random.Next(40) == 0)
        {
            _story.Add($"restart {server}");
            await _farm.StopAsync(server);
            await _farm.StartAsync(server);
            _oracle.Restart(server);

            // The other server learns what this one reported at its stop.
            _touched.UnionWith(_codes);
            await ShareAsync();
            return;
        }

        if (_unsent >= 0 && _unsent != server)
        {
            // Servers share conversions once they are sent.
            await _farm.FlushAsync();
            _unsent = -1;
            _touched.UnionWith(_codes);
            await ShareAsync();
        }

        var device = _devices[_random.Next(_devices.Count)];
        await (device.IsPhone ? UsePhoneAsync(device, server) : UseBrowserAsync(device, server));
        await LearnLinksAsync(device);
        await ShareAsync();
    }

    private async Task UseBrowserAsync(WalkDevice device, int server)
    {
        switch (_random.Next(20))
        {
            case 0 or 1:
                await SignInOrOutAsync(device, server);
                break;
            case 2 or 3:
                await AnswerAsync(device, server);
                break;
            case 4 or 5:
                await PlanAsync(device, server);
                break;
            case 6 or 7 or 8:
                await BuyAsync(device, server);
                break;
            case 9 or 10:
                await SendKeyedAsync(device, server);
                break;
            default:
                await DecideAsync(device, server);
                break;
        }
    }

    private async Task UsePhoneAsync(WalkDevice device, int server)
    {
        switch (_random.Next(8))
        {
            case 0 when device.Browser.User is null:
                await SignInOnPhoneAsync(device, server);
                break;
            case 7 when device.Browser.User is null:
                await AnswerOnPhoneAsync(device, server);
                break;
            case 0 or 1 or 2:
                await DecideOnPhoneAsync(device, server);
                break;
            case 3 or 4:
                await BuyOnPhoneAsync(device, server);
                break;
            default:
                await SendKeyedAsync(device, server);
                break;
        }
    }

    private async Task SignInOrOutAsync(WalkDevice device, int server)
    {
        var browser = device.Browser;
        browser.User = browser.User is null ? device.Owner ?? People[_random.Next(People.Length)] : null;
        await ShowAsync(device, server, WalkShop.Path + "page");
    }

    // A visitor answers on a page, whose code the script sends.
    private async Task AnswerAsync(WalkDevice device, int server)
    {
        var browser = device.Browser;
        var page = await ShowAsync(device, server, WalkShop.Path + "page");
        await LearnLinksAsync(device);
        await ShareAsync();
        var given = _random.Next(3) > 0;
        var answer = await browser.FetchAsync(
            _random.Next(2), HttpMethod.Post, string.Create(CultureInfo.InvariantCulture,
                $"{WalkShop.Path}consent?given={given}{(browser.Code is null ? "&kameleoonVisitorCode=" + page.Code : "")}"));
        Note(device, server, $"consent {given}", answer);
        _oracle.Answer(answer.Code, given);
        browser.HasRefused = !given;
        foreach (var held in device.Held)
        {
            if (given && held.Code == answer.Code)
            {
                _oracle.ReportByEngine(held.Code, held.Flag, held.Variation);
            }
        }

        device.Held.Clear();
    }

    private async Task PlanAsync(WalkDevice device, int server)
    {
        var browser = device.Browser;
        if (_random.Next(2) == 0)
        {
            var name = _random.Next(2) == 0 ? "gold" : "silver";
            var said = await browser.FetchAsync(server, HttpMethod.Post, WalkShop.Path + "plan?name=" + name);
            Note(device, server, "plan " + name, said);
            await LearnLinksAsync(device);
            _oracle.Plan(said.Code, name);
            return;
        }

        var asked = await browser.FetchAsync(server, HttpMethod.Get, WalkShop.Path + "plan");
        Note(device, server, $"asks plan: {asked.Body}", asked);
        if (_oracle.PlanOf(asked.Code) is { } plan)
        {
            asked.Body.ShouldBe(plan == "gold" && _oracle.ConsentOf(asked.Code, browser.HasRefused) != false ? "on" : "off");
        }
    }

    private void Note(WalkDevice device, int server, string what, WalkAnswer answer)
    {
        if (answer.Code.Length > 0)
        {
            _touched.Add(answer.Code);
            _codes.Add(answer.Code);
        }

        _story.Add($"{_story.Count}: {device.Name} ({device.Browser.User ?? "-"}) at {server}: {what} -> {answer.Status} {answer.Code}, cookie {device.Browser.Code ?? "-"}");
        if (device.Browser.User is { } user && _oracle.OwnerOf(answer.Code) is { } owner)
        {
            owner.ShouldBe(user, "A user has another user's code.");
        }
    }

    private bool IsShared(WalkDevice device, WalkAnswer answer) =>
        device.Browser.Code == answer.Code
        || (device.Browser.User is { } user && _oracle.OwnerOf(answer.Code) == user);

    private async Task LearnLinksAsync(WalkDevice device)
    {
        if (device.Browser.User is { } user)
        {
            var links = await _farm[0].Identity.ExportAsync(user);
            var own = links.FirstOrDefault(static link => link.MergedInto is null)?.VisitorCode;
            if (own is not null)
            {
                _oracle.Link(user, [own, .. links.Select(static link => link.VisitorCode).Where(code => code != own)]);
                _touched.UnionWith(links.Select(static link => link.VisitorCode));
            }
        }
    }

    private async Task ShareAsync()
    {
        await _farm.ShareAsync(_touched);
        _touched.Clear();
    }
}
