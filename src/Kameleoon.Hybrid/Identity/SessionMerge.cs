using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Lets what was said of a person under one code in this session hold under the code that goes on: consent, custom
/// data, forced variations. What is known there already stays.</summary>
internal sealed class SessionMerge(
    VisitorStore visitors,
    PersonCodes codes,
    SharedSessions sessions,
    ConfigurationStore configuration,
    ConsentGate consent)
{
    private bool IsConsentRequired => configuration.DataFile is { ConsentRequired: true };

    // It says whose a code is, which each code says for itself.
    private int? MappingIndex => configuration.DataFile?.MappingIndex;

    /// <summary>Whether anything was said under a code that would have to follow its person.</summary>
    internal bool HasAnything(string code) => visitors.Peek(code)?.Record.Known is { } known && HasAnything(known);

    /// <param name="former">The code under which it was said. Both codes are known to be one person's.</param>
    /// <param name="code">The code that goes on.</param>
    internal async ValueTask CarryAsync(string former, string code)
    {
        // What the person answered on another server is an answer, too.
        await sessions.LoadAsync(former);
        await sessions.LoadAsync(code);
        if (visitors.Peek(former)?.Record.Known is not { } said || !HasAnything(said))
        {
            return;
        }

        if (IsConsentRequired
            && said.Consent != Consent.Unknown
            && (visitors.Peek(code)?.Record.Known.Consent ?? Consent.Unknown) == Consent.Unknown)
        {
            consent.Set(code, said.Consent);
        }

        codes.Inherit(code, said, MappingIndex);
    }

    private bool HasAnything(VisitorSnapshot known) =>
        (IsConsentRequired && known.Consent != Consent.Unknown)
        || PersonCodes.CanInherit(known, MappingIndex);
}
