namespace Kameleoon.Hybrid;

/// <summary>Joins the visitor codes of one person.</summary>
/// <remarks>
/// This is the only place where two codes are joined. There are two cases. A code that identifies the person shares one
/// record with the browser's code (<see cref="Link"/>). A browser that takes over the code of a signed-in user keeps its own
/// record, and the user's record inherits what it does not know (<see cref="Inherit"/>): the browser's former code may stay
/// on other pages that are still open, and it buckets by itself.
/// </remarks>
internal sealed class PersonCodes(VisitorStore visitors, IVisitorChangeListener? changes = null)
{
    /// <summary>Makes both codes use one record, and notifies other servers.</summary>
    /// <param name="code">The code whose record both codes have from now on.</param>
    /// <param name="alias">The code whose own record is dropped. Events that were waiting in it are reported.</param>
    internal void Link(string code, string alias)
    {
        if (TryLinkHere(code, alias) is { } linked)
        {
            changes?.OnIdentified(linked);
        }
    }

    /// <summary>Does the same as <see cref="Link"/> on this server only, for links that another server reported.</summary>
    /// <returns>The session of the alias, or null when nothing changed.</returns>
    internal VisitorSession? TryLinkHere(string code, string alias)
    {
        var (other, person) = (visitors.GetOrCreate(alias), visitors.GetOrCreate(code));
        return visitors.TryShareRecord(person, other) ? other : null;
    }

    /// <summary>Marks a code as a person's own code, or as a browser's.</summary>
    internal void MarkUnique(string code, bool isUnique)
    {
        var session = visitors.GetOrCreate(code);
        if (session.IsUnique != isUnique)
        {
            session.IsUnique = isUnique;
            changes?.OnIdentified(session);
        }
    }

    /// <summary>Copies custom data, forced variations and reported conversions from another code of the same person, unless this
    /// code has its own.</summary>
    /// <param name="code">The code that the person uses from now on.</param>
    /// <param name="former">The other code.</param>
    /// <param name="known">The data of the other code.</param>
    /// <param name="except">The index of custom data that each code keeps for itself, or null.</param>
    internal void Inherit(string code, string former, VisitorSnapshot known, int? except)
    {
        visitors.Update(
            code, (former, known, except), static (own, from) => own.Inheriting(from.former, from.known, from.except));
        using var use = visitors.PeekInUse(former);
        if (use.Session is not { } session)
        {
            return;
        }

        // Other servers are told of a conversion under the person's code once its event is safe, which may be so by now.
        var before = visitors.UpdateHere(session, code, static (own, heir) => own.Bequeathing(heir));
        foreach (var (key, isSafe) in before.Conversions)
        {
            if (isSafe)
            {
                ConversionMarks.ChangeInherited(visitors, changes, code, former, key, isSafe);
            }
        }
    }

    /// <summary>Whether <see cref="Inherit"/> would add anything to a code without data.</summary>
    internal static bool CanInherit(VisitorSnapshot known, int? except) =>
        !ReferenceEquals(VisitorSnapshot.Empty.Inheriting("", known, except), VisitorSnapshot.Empty);
}
