using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves <c>engine.js</c> with its configuration, and the further files that the engine loads.</summary>
internal sealed class EngineEndpoint(
    IEngineConfigurationSource project,
    Recorder recorder,
    SandboxClock clock,
    ServedSite served,
    ConnectedProject connected,
    IOptions<KameleoonSandboxOptions> options,
    InsecureAddress insecure)
{
    private const string DefaultEnvironment = "production";

    private static readonly byte[] Bundle = EmbeddedFile.Read("engine.js");
    private static readonly int TokenStart = Bundle.AsSpan().IndexOf(Token);

    private static ReadOnlySpan<byte> Token => "__KAMELEOON_CONFIGURATION__"u8;

    internal Task GetAsync(HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            recorder.RecordEngineLoad(BrowserIdentity.Of(context.Request));
        }

        var whole = ConfigurationFor(context.Request);
        var configuration = EngineAudiences.WithAudiencesApart(whole);
        var deferral = configuration.Deferral;
        if (deferral?.Configuration == true)
        {
            configuration = EngineConfigurationParts.Start(configuration);
        }
        else if (deferral?.Campaigns == true)
        {
            configuration = EngineConfigurationParts.WithoutCampaigns(configuration);
        }

        byte[] script =
        [
            .. insecure.WarningFor(context.Request, configuration.DataUrl),
            .. options.Value.EngineSteps ? EngineStepsEndpoint.ScriptFor(configuration.DataUrl) : [],
            .. Bundle.AsSpan(..TokenStart),
            .. EngineAddOns.Into(EngineFileWriter.Literal(EngineConfigurationParts.WithDelayedCodeApart(configuration)), whole),
            .. Bundle.AsSpan(TokenStart + Token.Length),
        ];
        return EngineFileWriter.WriteAsync(context, MaxAge, script);
    }

    internal Task GetConfigurationAsync(HttpContext context) => EngineFileWriter.WriteAsync(
        context, MaxAge, "configuration", EngineConfigurationParts.WithoutCampaigns(ConfigurationFor(context.Request)));

    internal Task GetCampaignsAsync(HttpContext context) => EngineFileWriter.WriteAsync(
        context,
        MaxAge,
        "campaigns",
        EngineCampaigns.Of(
            EngineConfigurationParts.WithDelayedCodeApart(EngineAudiences.WithAudiencesApart(ConfigurationFor(context.Request)))));

    internal Task GetAudiencesAsync(HttpContext context) => EngineFileWriter.WriteAsync(
        context,
        MaxAge,
        "segments",
        EngineAudiences.OpportunitiesOf(ConfigurationFor(context.Request), clock.GetUtcNow()));

    internal Task GetLiveAsync(HttpContext context) => EngineFileWriter.WriteAsync(
        context, TimeSpan.Zero, "live", EngineCampaigns.LiveOf(ConfigurationFor(context.Request)));

    internal Task GetVariationAsync(HttpContext context, string kind, long id, long variationId)
    {
        var configuration = ConfigurationFor(context.Request);
        var variations = string.Equals(kind, "experiments", StringComparison.Ordinal)
            ? configuration.Experiments.FirstOrDefault(one => one.Id == id)?.Variations
            : configuration.Personalizations.Where(one => one.Id == id).Select(one => one.Variation)
                .OfType<EngineVariation>();
        var variation = variations?.FirstOrDefault(one => one.Id == variationId);
        if (variation is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return EngineFileWriter.WriteAsync(context, MaxAge, $"{kind}/{id}/variations/{variationId}", variation);
    }

    private TimeSpan MaxAge => options.Value.EngineMaxAge;

    // A sandbox of one site is that site. Otherwise the application around it has one, if there is an application.
    private string? OwnSite => served.Code ?? (connected.SiteCode is { Length: > 0 } own ? own : null);

    // The environment of the application counts where the sandbox is about the same site.
    private string? OwnEnvironment =>
        served.Code is null || served.Code.Is(connected.SiteCode) ? connected.Environment : null;

    private EngineConfiguration ConfigurationFor(HttpRequest request)
    {
        var configuration = project.Read();
        var address = SandboxAddress.Of(request);
        var site = request.RouteValues["siteCode"] as string;
        return configuration with
        {
            SiteCode = site ?? Query("siteCode", OwnSite ?? configuration.SiteCode),
            DataUrl = site is null ? address : address[..address.LastIndexOf("/r/", StringComparison.Ordinal)],
            ResourceUrl = address + Carried(request),
            Environment = Query("environment", OwnEnvironment ?? DefaultEnvironment),
            Cookie = configuration.Cookie ?? new EngineCookie(),
            Personalizations = [.. configuration.Personalizations.Select(WithVisitors)],
            Unify = configuration.Unify is { FrameUrl: null } unify
                ? unify with { FrameUrl = $"{address}/engine-frame.html" }
                : configuration.Unify,
        };

        string Query(string name, string fallback) =>
            request.Query[name] is [{ Length: > 0 } value, ..] ? value : fallback;
    }

    private EnginePersonalization WithVisitors(EnginePersonalization one)
    {
        if (one.Capping is not { Global: not null } capping)
        {
            return one;
        }

        var recorded = recorder.Read(view => view.Counters.Personalizations.VisitorsOf(one.Id));
        return one with { Capping = capping with { Visitors = Math.Max(capping.Visitors, recorded) } };
    }

    // Further files are about the same site and environment.
    private static string Carried(HttpRequest request) => QueryString.Create(
        from name in (string[])["siteCode", "environment"]
        where request.Query[name] is [{ Length: > 0 }, ..]
        select KeyValuePair.Create(name, (string?)request.Query[name][0])).ToString();
}
