using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A site with the overrides endpoint, and what browsers send to it.</summary>
internal static class OverriddenSite
{
    internal const string Path = "/kameleoon/overrides";

    internal static Task<TestSite> StartAsync(
        string environment = "Production",
        Action<KameleoonOptions>? options = null,
        Action<IKameleoonBuilder>? kameleoon = null,
        string? policy = null) => TestSite.StartAsync(
            options,
            app =>
            {
                Pages.Map(app);
                app.MapGet("/reason/{key}", (string key, IKameleoonClient client) => client.GetVariation(key).Reason.ToString());
                var endpoint = app.MapKameleoonOverrides();
                if (policy is not null)
                {
                    endpoint.RequireAuthorization(policy);
                }
            },
            services: TesterAuthentication.Add,
            environment: environment,
            kameleoon: kameleoon);

    /// <summary>Sends a request as a page of the site does for a person who tests.</summary>
    internal static Task<HttpResponseMessage> CallAsync(
        this TestSite site,
        HttpMethod method,
        string? json = null,
        string cookie = "user=tester",
        string contentType = "application/json",
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, Path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, contentType);
        }

        foreach (var (name, value) in (IEnumerable<(string, string)>)[("Cookie", cookie), .. headers])
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return site.Http.SendAsync(request);
    }

    /// <summary>Overrides variations and returns the cookie that the browser sends from then on.</summary>
    internal static async Task<string> OverrideAsync(this TestSite site, string variations, string earlier = "")
    {
        using var response = await site.CallAsync(
            HttpMethod.Post, $$"""{"overrides":{{variations}}}""", $"user=tester; {earlier}");
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("\"title\"");
        return CookieOf(response) ?? throw new InvalidOperationException("The response sets no override.");
    }

    /// <summary>Returns the cookie that a response sets, as the browser sends it; null when it sets none.</summary>
    internal static string? CookieOf(HttpResponseMessage response) => response.Headers.TryGetValues("Set-Cookie", out var headers)
        ? headers.FirstOrDefault(static header => header.StartsWith(OverrideCookie.Name, StringComparison.Ordinal))?.Split(';')[0]
        : null;

    /// <summary>Signs a text as the site signs overrides.</summary>
    internal static string Sign(this TestSite site, string text, TimeSpan lifetime, string purpose = OverrideCookie.Purpose) =>
        Sign(site.App.Services.GetRequiredService<IDataProtectionProvider>(), text, lifetime, purpose);

    internal static string Sign(IDataProtectionProvider provider, string text, TimeSpan lifetime, string purpose = OverrideCookie.Purpose) =>
        $"{OverrideCookie.Name}={provider.CreateProtector(purpose).ToTimeLimitedDataProtector().Protect(text, lifetime)}";
}
