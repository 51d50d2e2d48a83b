using System.Text;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A site with an outbox, and the purchases that an app sends to it.</summary>
internal static class OutboxSite
{
    internal static Task<IdentitySite> StartAsync(
        Store database, DataApi platform, bool shares = false, string consent = "NOT_REQUIRED") => IdentitySite.StartAsync(
        kameleoon => shares
            ? database.AddTo(kameleoon).AddTrackingOutbox().AddSharedSessions()
            : database.AddTo(kameleoon).AddTrackingOutbox(),
        options =>
        {
            options.Endpoints.Tracking = platform.Address;
            options.Resilience.Tracking.Retries = 0;
            options.Resilience.Tracking.BreakRatio = 1;
            options.Resilience.Tracking.RetryDelay = TimeSpan.FromMilliseconds(20);
            options.TrackingInterval = TimeSpan.FromSeconds(1);
            options.StopTimeout = TimeSpan.Zero;
        },
        group => group.AllowAnonymous().MapPost("test/agree", (IKameleoonClient client) => client.SetLegalConsent(true)),
        IdentitySite.Experiments.Replace("NOT_REQUIRED", consent, StringComparison.Ordinal));

    internal static async Task<(int Status, bool Replayed)> BuyAsync(IdentitySite site, int order)
    {
        var answer = await site.SendAsync(
            HttpMethod.Post, "/kameleoon/events", "anna", Bought(order), code: "annas", key: $"order-{order}");
        return (answer.Status, answer.Body.TryGetProperty("replayed", out var replayed) && replayed.GetBoolean());
    }

    internal static Task<HttpResponseMessage> SendAsync(IdentitySite site, int order) =>
        SendAsync(site, "anna", Bought(order), $"order-{order}");

    internal static async Task<HttpResponseMessage> SendAsync(IdentitySite site, string user, string json, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/events");
        request.Headers.Add(UserHeader.Name, user);
        request.Headers.Add("Cookie", $"kameleoonVisitorCode={user}s");
        request.Headers.Add("Idempotency-Key", key);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await site.Http.SendAsync(request);
    }

    internal static string Bought(int order) => $$"""{"events":[{"type":"conversion","goalId":1,"revenue":{{order}}}]}""";

    internal static async Task<int> SendAndForgetAsync(IdentitySite site, string user, string json, string key)
    {
        using var answer = await SendAsync(site, user, json, key);
        return (int)answer.StatusCode;
    }

    internal static string BoughtWithId(int order, int goal) =>
        $$"""{"events":[{"type":"conversion","goalId":{{goal}},"revenue":{{order}},"id":"the-order"}]}""";
}
