using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Says whether a person may be linked, who has to agree to that where the data file requires consent.</summary>
internal sealed class IdentityConsent(
    ConfigurationStore configuration,
    ConsentGate gate,
    ConsentReader reader,
    IOptions<KameleoonOptions> options)
{
    /// <summary>What is known of the answer of whoever sends a request with a code.</summary>
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
        return (reader.Read(context, known), known) switch
        {
            (Consent.Given, _) => LinkConsent.Given,
            (Consent.Refused, _) or (_, Consent.Refused) => LinkConsent.Refused,
            (_, Consent.Given) => LinkConsent.UnderCode,
            _ => LinkConsent.Unknown,
        };
    }

    /// <summary>Whether somebody agreed under a code in this session.</summary>
    internal bool IsGivenUnder(string code) =>
        configuration.DataFile is { } dataFile && gate.Of(code, dataFile) == Consent.Given;
}

/// <summary>Whether somebody may be linked.</summary>
internal enum LinkConsent
{
    /// <summary>Nothing is known.</summary>
    Unknown,

    /// <summary>The request says no, or somebody did who used this browser before: that is the safe side.</summary>
    Refused,

    /// <summary>Somebody agreed under the code that the request has. If it is another person's, so is the word.</summary>
    UnderCode,

    /// <summary>The request itself says so, or nobody has to be asked.</summary>
    Given,
}
