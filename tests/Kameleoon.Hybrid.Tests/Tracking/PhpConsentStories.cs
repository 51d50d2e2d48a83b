namespace Kameleoon.Hybrid.Tests;

/// <summary>The recorded runs of the PHP SDK where consent is required.</summary>
internal static class PhpConsentStories
{
    private const string Recording = "php-4.20-consent";
    private const string Visitor = "consentvisitor01";

    internal static Story[] All => [Of("unknown", null), Of("not given", false), Of("given", true), FullyBlocked()];

    private static Story Of(string state, bool? answer)
    {
        var story = new Story(Recording, GoStories.As("PHP", "4.20.0"), RecordedTraffic.DataFileWithConsent)
        {
            // Each of its evaluations queued what there was by then.
            IsOrdered = false,
            Common = GoStories.WithoutToken,
        };
        story.Shows($"{state} checkout", site =>
        {
            var client = site.For(Visitor);
            if (answer is { } given)
            {
                client.SetLegalConsent(given);
            }

            client.AddData(new PageView("https://shop.example/c"), new CustomData(1, "x"), new Conversion(60, 5));
            return Variation(site, "checkout");
        });
        story.Shows($"{state} banner", site => Variation(site, "banner"));
        story.LeavesOut(
            $"consent REQUIRED, {state}: one instant flush after page view, custom data, conversion and two evaluations",
            "The evaluations had written all lines to a file before; the next step is that file.");
        story.Sends($"consent {state}: request queued on disk by the evaluations (sent later by the per-minute job)", Visitor, v => v.GetVariations());
        story.Shows($"consent {state}: engine tracking code", site => site.EngineCode(Visitor));
        story.Sends($"consent REQUIRED, {state} (other visitor unknown): nothing to send", "other", _ => { });
        return story;
    }

    private static Story FullyBlocked() =>
        new Story(
            Recording,
            GoStories.As("PHP", "4.20.0"),
            RecordedTraffic.DataFileWithConsent.Replace("PARTIALLY_BLOCK", "FULLY_BLOCK", StringComparison.Ordinal))
        .LeavesOut(
            "FULLY_BLOCK not given checkout",
            "It throws; ours gives the default variation and says why, see ConsentTableTests.TR_2.",
            site =>
            {
                site.For("x1").SetLegalConsent(false);
                return Task.CompletedTask;
            })
        .Shows("FULLY_BLOCK not given banner", site => site.For("x1").GetVariation("banner").Key);

    private static object Variation(StorySite site, string flag)
    {
        var variation = site.For(Visitor).GetVariation(flag, track: false);
        return new { key = variation.Key, id = variation.Id };
    }
}
