namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

// What a browser opens, and what its engine takes.
internal sealed partial class FarmWalk
{
    // A page without a flag of its own.
    private async Task<WalkAnswer> ShowAsync(WalkDevice device, int server, string path)
    {
        var page = await OpenAsync(device, server, path);
        RunEngine(device, page);
        return page;
    }

    private async Task<WalkAnswer> OpenAsync(
        WalkDevice device, int server, string path, HttpMethod? method = null, params (string, string)[] headers)
    {
        var isClick = !Array.Exists(headers, static header => header.Item1 == "Referer");
        var page = await device.Browser.OpenAsync(server, path, method, isClick ? [("Sec-Fetch-User", "?1"), .. headers] : headers);
        Note(device, server, $"{method?.Method ?? "GET"} {path}{(headers is [var header] ? $" {header}" : "")}", page);
        if (!Array.Exists(headers, static header => header.Item1 is "Sec-Purpose" or "User-Agent"))
        {
            device.Held.Clear();
        }

        // A refusal that was given under the person's code on another device leaves a mark in this browser, too.
        device.Browser.HasRefused |= device.Browser.Code is null && _oracle.ConsentOf(page.Code, hasRefused: false) == false;
        return page;
    }

    // The engine holds what it got before the visitor's answer.
    private void RunEngine(WalkDevice device, WalkAnswer page)
    {
        foreach (var (flag, variation) in page.ForEngine)
        {
            _story.Add($"engine: {flag} {variation}");
            switch (ConsentOf(device, page.Code))
            {
                case true:
                    _oracle.ReportByEngine(page.Code, flag, variation);
                    break;
                case null:
                    device.Held.Add((page.Code, flag, variation));
                    break;
            }
        }
    }
}
