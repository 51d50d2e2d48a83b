using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves the browser engine with the configuration written into it, and what it defers to files of their own.
/// </summary>
internal sealed class EngineEndpoint(IEngineProject project, IOptions<KameleoonOptions> library)
{
    private const string DefaultEnvironment = "production";

    private static readonly byte[] Bundle = EmbeddedFile.Read("engine.js");
    private static readonly int TokenStart = Bundle.AsSpan().IndexOf(Token);

    private static ReadOnlySpan<byte> Token => "__KAMELEOON_CONFIGURATION__"u8;

    internal Task GetAsync(HttpContext context)
    {
        var configuration = ConfigurationFor(context.Request);
        var deferral = configuration.Deferral;
        if (deferral?.Configuration == true)
        {
            configuration = EngineParts.Start(configuration);
        }
        else if (deferral?.Campaigns == true)
        {
            configuration = EngineParts.WithoutCampaigns(configuration);
        }

        byte[] script =
        [
            .. Bundle.AsSpan(..TokenStart),
            .. EngineFile.Literal(EngineParts.WithDelayedCodeApart(configuration)),
            .. Bundle.AsSpan(TokenStart + Token.Length),
        ];
        return EngineFile.WriteAsync(context, script);
    }

    internal Task GetConfigurationAsync(HttpContext context) => EngineFile.WriteAsync(
        context, "configuration", EngineParts.WithoutCampaigns(ConfigurationFor(context.Request)));

    internal Task GetCampaignsAsync(HttpContext context) => EngineFile.WriteAsync(
        context, "campaigns", EngineCampaignPart.Of(EngineParts.WithDelayedCodeApart(ConfigurationFor(context.Request))));

    internal Task GetLiveAsync(HttpContext context) => EngineFile.WriteAsync(
        context, "live", EngineCampaignPart.LiveOf(ConfigurationFor(context.Request)));

    internal Task GetVariationAsync(HttpContext context, string kind, long id, long variationId)
    {
        var configuration = ConfigurationFor(context.Request);
        var variation = string.Equals(kind, "experiments", StringComparison.Ordinal)
            ? configuration.Experiments.FirstOrDefault(one => one.Id == id)?.Variations.FirstOrDefault(one => one.Id == variationId)
            : configuration.Personalizations.FirstOrDefault(one => one.Id == id)?.Variation is { } own && own.Id == variationId
                ? own
                : null;
        if (variation is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return EngineFile.WriteAsync(context, $"{kind}/{id}/variations/{variationId}", variation);
    }

    private EngineConfiguration ConfigurationFor(HttpRequest request)
    {
        var configuration = project.Read();
        var address = SandboxAddress.Of(request);
        return configuration with
        {
            SiteCode = Query("siteCode", library.Value.SiteCode is { Length: > 0 } own ? own : configuration.SiteCode),
            DataUrl = address,
            ResourceUrl = address,
            Environment = Query("environment", library.Value.Environment ?? DefaultEnvironment),
            Cookie = configuration.Cookie ?? new EngineCookie(),
            Unify = configuration.Unify is { FrameUrl: null } unify
                ? unify with { FrameUrl = $"{address}/engine-frame.html", FrameOrigin = $"{request.Scheme}://{request.Host}" }
                : configuration.Unify,
        };

        string Query(string name, string fallback) =>
            request.Query[name] is [{ Length: > 0 } value, ..] ? value : fallback;
    }
}
