using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides whether consent allows to link a visitor code to a user.</summary>
internal sealed class IdentityConsent(
    ConfigurationStore configuration,
    ConsentGate gate,
    ConsentReader reader,
    IOptions<KameleoonOptions> options)
{
    /// <summary>Returns the consent of a request that has a code.</summary>
    /// <param name="context">The request.</param>
    /// <param name="browserCode">The visitor code of its browser.</param>
    internal LinkConsent Of(HttpContext context, string browserCode)
    {
        if (configuration.DataFile is not { } dataFile)
        {
            return options.Value.Consent.AssumeNotRequired ? LinkConsent.Given : LinkConsent.Unknown;
        }

        if (!dataFile.ConsentRequired || dataFile.HasTargetedDelivery)
        {
            return LinkConsent.Given;
        }

        var known = gate.Of(browserCode, dataFile);
        return (reader.Read(context, known, isEarly: true), known) switch
        {
            (Consent.Given, _) => LinkConsent.Given,
            (Consent.Refused, _) or (_, Consent.Refused) => LinkConsent.Refused,
            (_, Consent.Given) => LinkConsent.InheritedFromCode,
            _ => LinkConsent.Unknown,
        };
    }

    /// <summary>Returns whether consent was given under a code in this session.</summary>
    internal bool IsGivenUnder(string code) =>
        configuration.DataFile is { } dataFile && gate.Of(code, dataFile) == Consent.Given;
}

/// <summary>Whether consent allows to link a request's visitor code to a user.</summary>
internal enum LinkConsent
{
    /// <summary>No answer is known.</summary>
    Unknown,

    /// <summary>The request refuses, or a refusal was given under the code before.</summary>
    /// <remarks>A refusal stays with a browser, whichever user it came from.</remarks>
    Refused,

    /// <summary>Consent was given under the code earlier in the session. It does not hold for another user's code.</summary>
    InheritedFromCode,

    /// <summary>The request itself gives consent, or none is required.</summary>
    Given,
}
