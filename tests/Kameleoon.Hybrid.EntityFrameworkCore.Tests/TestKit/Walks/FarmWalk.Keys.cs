using System.Globalization;
using System.Text.Json;

#pragma warning disable CA5394 // Walks are repeated by their seed.

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

// What devices send again with the same key.
internal sealed partial class FarmWalk
{
    private int _numbers;

    private async Task SendKeyedAsync(WalkDevice device, int server)
    {
        // Who sends again under another person's code is another caller.
        if (device.Owner is null || (!device.IsPhone && device.Browser.Code is null))
        {
            return;
        }

        var earlier = _keyed.Where(sent => sent.Device == device && IsSameCaller(device, sent.Code)).ToList();
        var again = earlier.Count > 0 && _random.Next(2) == 0 ? earlier[_random.Next(earlier.Count)] : null;
        var number = again?.Number ?? ++_numbers;
        var isExposed = again?.IsExposed ?? (device.Browser.Code is { } code && ConsentOf(device, code) == true);
        var answer = await device.Browser.FetchAsync(
            server,
            HttpMethod.Post,
            "/kameleoon/events",
            BodyOf(number, isExposed),
            string.Create(CultureInfo.InvariantCulture, $"key-{number}"));
        Note(device, server, $"sends {number}", answer);
        if (answer.Status != 202)
        {
            again.ShouldBeNull();
            _row.RequiresConsent.ShouldBeTrue();
            return;
        }

        using var body = JsonDocument.Parse(answer.Body);
        body.RootElement.GetProperty("replayed").GetBoolean().ShouldBe(again is not null);
        if (again is null)
        {
            _keyed.Add(new(device, number, answer.Code, isExposed));
            if (isExposed)
            {
                _oracle.ExpectOnce(server, answer.Code, number % WalkShop.Flags, ConsentOf(device, answer.Code) == true);
            }
        }
    }

    private static string BodyOf(int number, bool isExposed) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"events":[{"type":"conversion","goalId":2,"revenue":{{number}}}{{(isExposed ? ExposureOf(number) : "")}}]}""");

    private static string ExposureOf(int number) => string.Create(
        CultureInfo.InvariantCulture, $$""",{"type":"exposure","key":"flag{{number % WalkShop.Flags}}"}""");

    // A sign-in finds the key under the code that the browser has or had.
    private bool IsSameCaller(WalkDevice device, string code) =>
        device.Browser.Code == code || (device.Browser.User is { } user && _oracle.OwnerOf(code) == user);

    private void CompareKeys() => _farm.Events.OfType("conversion")
        .Where(static sent => sent["goalId"] == "2")
        .Select(static sent => (int)decimal.Parse(sent["revenue"], CultureInfo.InvariantCulture)).Order()
        .ShouldBe(_keyed.Select(static sent => sent.Number).Order());
}
