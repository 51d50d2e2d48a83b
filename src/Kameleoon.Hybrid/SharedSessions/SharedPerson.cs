namespace Kameleoon.Hybrid;

/// <summary>The entry of the shared store that says which person a visitor code belongs to.</summary>
/// <param name="Code">The code under which all servers know the person; null when it is the code of the entry itself.</param>
/// <param name="First">The code that assigns variations to the person, or null.</param>
/// <param name="IsUnique">Whether the code is the person's own rather than a browser's.</param>
internal sealed record SharedPerson(string? Code, string? First, bool IsUnique)
{
    private const string Name = "person";

    internal static SharedPerson Of(VisitorSession session) =>
        new(session.Person, session.Person is null ? null : session.Record.Known.MappingIdentifier, session.IsUnique);

    /// <summary>Returns the person that an entry describes, or null for an entry about anything else.</summary>
    internal static SharedPerson? Of(VisitorSessionEntry entry) => entry is { Name: Name, Values: [var code, var first, var unique] }
        ? new(Fit(code), Fit(first), string.Equals(unique, bool.TrueString, StringComparison.Ordinal))
        : null;

    /// <summary>Returns whether a session already belongs to this person.</summary>
    internal bool IsOf(VisitorSession session) =>
        IsUnique == session.IsUnique && string.Equals(Code, session.Person, StringComparison.Ordinal);

    internal VisitorSessionEntry ToEntry(string code) =>
        new(code, Name, [Code ?? "", First ?? "", IsUnique ? bool.TrueString : bool.FalseString]);

    private static string? Fit(string code) => VisitorCode.IsValid(code) ? code : null;
}
