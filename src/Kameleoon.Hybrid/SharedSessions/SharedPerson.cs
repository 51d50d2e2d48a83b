namespace Kameleoon.Hybrid;

/// <summary>What servers tell each other of whose a code is.</summary>
/// <param name="Code">The code under which the person is known to all servers, where it is another one.</param>
/// <param name="First">The code that buckets the person, if any.</param>
/// <param name="IsUnique">Whether the code is the person's own rather than a browser's.</param>
internal sealed record SharedPerson(string? Code, string? First, bool IsUnique)
{
    private const string Name = "person";

    internal static SharedPerson Of(VisitorSession session) =>
        new(session.Person, session.Person is null ? null : session.Record.Known.MappingIdentifier, session.IsUnique);

    /// <summary>What an entry tells, or null where it tells something else.</summary>
    internal static SharedPerson? Of(VisitorSessionEntry entry) => entry is { Name: Name, Values: [var code, var first, var unique] }
        ? new(Fit(code), Fit(first), string.Equals(unique, bool.TrueString, StringComparison.Ordinal))
        : null;

    /// <summary>Whether a session is known to be that person's.</summary>
    internal bool IsOf(VisitorSession session) =>
        IsUnique == session.IsUnique && string.Equals(Code, session.Person, StringComparison.Ordinal);

    internal VisitorSessionEntry ToEntry(string code) =>
        new(code, Name, [Code ?? "", First ?? "", IsUnique ? bool.TrueString : bool.FalseString]);

    private static string? Fit(string code) => VisitorCode.IsValid(code) ? code : null;
}
