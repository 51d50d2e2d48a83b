namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Keeps the cookies of a site, as the device does that several people share.</summary>
internal sealed class Browser(IdentitySite site)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>The visitor code that the browser has, or null.</summary>
    internal string? Code => _cookies.GetValueOrDefault("kameleoonVisitorCode");

    /// <summary>The site that is asked next: one of several servers.</summary>
    internal IdentitySite Site { get; set; } = site;

    internal bool Has(string cookie) => _cookies.ContainsKey(cookie);

    internal void Take(string name, string value) => _cookies[name] = value;

    internal Task<string> GoAsync(string path, string? user = null) => SendAsync(HttpMethod.Get, path, user, "document");

    /// <summary>A script of the page asks.</summary>
    internal Task<string> PostAsync(string path, string? user = null) => SendAsync(HttpMethod.Post, path, user, "empty");

    private async Task<string> SendAsync(HttpMethod method, string path, string? user, string destination)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Sec-Fetch-Dest", destination);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (user is not null)
        {
            request.Headers.Add(UserHeader.Name, user);
        }

        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using var response = await Site.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
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

        return await response.Content.ReadAsStringAsync();
    }
}
