using System.Globalization;
using System.Text.Json;

#pragma warning disable CA5394 // Walks are repeated by their seed.

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

// What applications of phones do.
internal sealed partial class FarmWalk
{
    private async Task AnswerOnPhoneAsync(WalkDevice device, int server)
    {
        var given = _random.Next(3) > 0;
        var answer = await device.Browser.FetchAsync(server, HttpMethod.Post, $"{WalkShop.Path}consent?given={given}");
        Note(device, server, $"consent {given}", answer);
        _oracle.Answer(answer.Code, given);
    }

    // The application had a code of its own until now.
    private async Task SignInOnPhoneAsync(WalkDevice device, int server)
    {
        var browser = device.Browser;
        browser.User = device.Owner;
        var answer = await browser.FetchAsync(
            server, HttpMethod.Post, "/kameleoon/visitor/sync", $$"""{"visitorCode":"{{browser.Code}}"}""");
        Note(device, server, "signs in", answer);
        if (answer.Status == 200)
        {
            browser.Code = null;
        }
        else
        {
            answer.Status.ShouldBe(403);
            _row.RequiresConsent.ShouldBeTrue();
            browser.User = null;
        }
    }

    private async Task DecideOnPhoneAsync(WalkDevice device, int server)
    {
        var flag = _random.Next(WalkShop.Flags);
        var answer = await device.Browser.FetchAsync(server, HttpMethod.Post, "/kameleoon/decisions", string.Create(
            CultureInfo.InvariantCulture, $$"""{"keys":["flag{{flag}}"],"track":true}"""));
        Note(device, server, $"decides {flag}", answer);
        if (answer.Status != 200)
        {
            return;
        }

        using var body = JsonDocument.Parse(answer.Body);
        var got = body.RootElement.GetProperty("decisions")[0];
        var decided = new WalkDecision(
            body.RootElement.GetProperty("visitorCode").GetString()!,
            flag,
            got.GetProperty("variationKey").GetString()!,
            Enum.Parse<DecisionReason>(got.GetProperty("reason").GetString()!));
        var consent = ConsentOf(device, decided.Code);
        _oracle.Decided(decided, consent);
        if (consent != false)
        {
            _oracle.ExpectOnce(server, decided.Code, flag, consent == true);
        }
    }
}
