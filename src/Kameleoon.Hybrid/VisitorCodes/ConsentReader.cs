using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reads the visitor's consent from a request: from the application's providers, then from the stamp cookie,
/// then from the framework.</summary>
internal sealed class ConsentReader(
    IEnumerable<IKameleoonConsentProvider> providers,
    IOptions<KameleoonOptions> options,
    ILogger<ConsentReader> logger)
{
    private readonly IKameleoonConsentProvider[] _providers = [.. providers];
    private readonly bool _usesFramework = options.Value.Consent.UseTrackingConsentFeature;
    private readonly LogOnce _failure = new();

    /// <summary>Returns the consent of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="known">The consent of the session so far. Only a provider overrides it.</param>
    /// <param name="isEarly">Whether the request may be asked again. See <see cref="EarlierAnswers"/>.</param>
    internal Consent Read(HttpContext context, Consent known = Consent.Unknown, bool isEarly = false)
    {
        foreach (var provider in _providers)
        {
            if (Ask(provider, context, isEarly) is { } answer)
            {
                return answer ? Consent.Given : Consent.Refused;
            }
        }

        if (known == Consent.Unknown && VisitorCookie.SaysRefused(context.Request))
        {
            return Consent.Refused;
        }

        // The framework's cookie policy cannot tell a refusal from a visitor who was not asked yet.
        return known == Consent.Unknown
            && _usesFramework
            && context.Features.Find<ITrackingConsentFeature>() is { IsConsentNeeded: true, HasConsent: true }
            ? Consent.Given
            : Consent.Unknown;
    }

    private bool? Ask(IKameleoonConsentProvider provider, HttpContext context, bool isEarly)
    {
        if (EarlierAnswers.TryFind(context, provider, out var earlier))
        {
            return earlier;
        }

        var answer = Ask(provider, context);
        if (isEarly)
        {
            EarlierAnswers.Add(context, provider, answer);
        }

        return answer;
    }

    private bool? Ask(IKameleoonConsentProvider provider, HttpContext context)
    {
        try
        {
            return provider.GetConsent(context);
        }
#pragma warning disable CA1031 // A provider may throw anything for a manipulated cookie, which must not break the page.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_failure.IsFirst())
            {
                logger.ConsentProviderFailed(e, provider.GetType().Name);
            }

            return null;
        }
    }
}
