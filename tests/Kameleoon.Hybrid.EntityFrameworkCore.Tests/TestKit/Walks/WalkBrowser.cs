namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>A browser, with its cookies and its engine.</summary>
internal sealed class WalkBrowser(WalkFarm farm)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";

    private const string CodeCookie = "kameleoonVisitorCode";

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>The user who is signed in here, or null.</summary>
    internal string? User { get; set; }

    /// <summary>Whether cookies are kept, unlike by a phone's application.</summary>
    internal bool KeepsCookies { get; init; } = true;

    /// <summary>The visitor code of the cookie, or null. A phone's application makes one itself, until its user signs in.</summary>
    internal string? Code
    {
        get => _cookies.GetValueOrDefault(CodeCookie);
        set
        {
            _cookies.Remove(CodeCookie);
            if (value is not null)
            {
                _cookies.Add(CodeCookie, value);
            }
        }
    }

    /// <summary>Whether the last answer about consent that this browser knows is a refusal.</summary>
    internal bool HasRefused { get; set; }

    /// <summary>Opens a page.</summary>
    internal Task<WalkAnswer> OpenAsync(int server, string path, HttpMethod? method = null, params (string, string)[] headers) =>
        SendAsync(server, method ?? HttpMethod.Get, path,
            [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Site", "same-origin"), .. headers]);

    /// <summary>A script of the page asks.</summary>
    internal Task<WalkAnswer> FetchAsync(int server, HttpMethod method, string path, string? json = null, string? key = null) =>
        SendAsync(server, method, path,
            [("Sec-Fetch-Dest", "empty"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Site", "same-origin"),
                .. key is null ? [] : new[] { ("Idempotency-Key", key) }], json);

    private async Task<WalkAnswer> SendAsync(
        int server, HttpMethod method, string path, (string Name, string Value)[] headers, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", Firefox).ShouldBeTrue();
        }

        if (User is not null)
        {
            request.Headers.Add(UserHeader.Name, User);
        }

        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        }

        var (answer, code) = await farm.SendAsync(server, request);
        using (answer)
        {
            if (KeepsCookies)
            {
                Take(answer);
            }

            return new((int)answer.StatusCode, code, await answer.Content.ReadAsStringAsync());
        }
    }

    private void Take(HttpResponseMessage answer)
    {
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
        {
            var (name, value) = (set[..set.IndexOf('=', StringComparison.Ordinal)], set.Split('=', ';')[1]);
            if (set.Contains("max-age=0", StringComparison.Ordinal))
            {
                _cookies.Remove(name);
            }
            else
            {
                _cookies[name] = value;
            }
        }
    }
}
