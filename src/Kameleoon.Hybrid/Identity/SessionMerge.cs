using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Copies consent, custom data, forced variations and reported conversions of this session from a person's former code to
/// the code that stays in use. Values that are known under that code already are kept.</summary>
internal sealed class SessionMerge(
    VisitorStore visitors,
    PersonCodes codes,
    SharedSessions sessions,
    ConfigurationStore configuration,
    ConsentGate consent)
{
    private bool IsConsentRequired => configuration.DataFile is { ConsentRequired: true };

    // The mapping identifier names the owner of a code, so it is not copied.
    private int? MappingIndex => configuration.DataFile?.MappingIndex;

    /// <summary>Copies what is known under the former code.</summary>
    /// <param name="former">The former code. Both codes are known to belong to one person.</param>
    /// <param name="code">The code that stays in use.</param>
    internal async ValueTask CarryAsync(string former, string code)
    {
        // Consent may have been given on another server.
        await sessions.LoadAsync(former);
        await sessions.LoadAsync(code);
        if (visitors.KnownOf(former) is not { } said || !HasAnything(said))
        {
            return;
        }

        if (IsConsentRequired
            && said.Consent != Consent.Unknown
            && (visitors.KnownOf(code)?.Consent ?? Consent.Unknown) == Consent.Unknown)
        {
            consent.Set(code, said.Consent);
        }

        codes.Inherit(code, former, said, MappingIndex);
    }

    private bool HasAnything(VisitorSnapshot known) =>
        (IsConsentRequired && known.Consent != Consent.Unknown)
        || PersonCodes.CanInherit(known, MappingIndex);
}
