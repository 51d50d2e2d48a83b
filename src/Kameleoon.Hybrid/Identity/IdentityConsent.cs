using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Links nobody who has not agreed, where the data file requires that, and lets the answer follow the person.
/// </summary>
internal sealed class IdentityConsent(
    ConfigurationStore configuration,
    ConsentGate gate,
    ConsentReader reader,
    IOptions<KameleoonOptions> options)
{
    internal bool Allows(HttpContext context, string browserCode)
    {
        if (configuration.Current is not { } dataFile)
        {
            return options.Value.Consent.AssumeNotRequired;
        }

        if (!dataFile.ConsentRequired || dataFile.HasTargetedDelivery)
        {
            return true;
        }

        var known = gate.Of(browserCode, dataFile);
        return (reader.Read(context, known) is var said && said != Consent.Unknown ? said : known) == Consent.Given;
    }

    /// <summary>What a person answered under the browser's code holds for the person's code, unless it has an answer.
    /// </summary>
    internal void Carry(string browserCode, string personsCode)
    {
        if (configuration.Current is { ConsentRequired: true } dataFile
            && gate.Of(browserCode, dataFile) is var answer && answer != Consent.Unknown
            && gate.Of(personsCode, dataFile) == Consent.Unknown)
        {
            gate.Set(personsCode, answer);
        }
    }
}
