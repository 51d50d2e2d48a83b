using System.Diagnostics.CodeAnalysis;

namespace Kameleoon.Hybrid;

/// <summary>Counts which sessions use a record, and ends a record that no session uses.</summary>
/// <param name="forgotten">Receives the events that were waiting in a record that ends, or null.</param>
internal sealed class RecordOwnership(IForgottenVisitorListener? forgotten)
{
    // Taken rarely: at a link, and when a visitor is removed.
    private readonly Lock _gate = new();

    /// <summary>Gives the alias the person's record. The caller releases the record that is replaced.</summary>
    /// <returns>False if both have one record already, or one of them was evicted.</returns>
    internal bool TryShare(VisitorSession person, VisitorSession alias, [NotNullWhen(true)] out VisitorRecord? replaced)
    {
        lock (_gate)
        {
            replaced = alias.Record;

            // Where there is room for one visitor only, creating one session evicts the other.
            if (ReferenceEquals(replaced, person.Record) || replaced.HasEnded || person.Record.HasEnded)
            {
                return false;
            }

            person.Record.Hold();
            (alias.Record, alias.Person) = (person.Record, person.Person ?? person.Code);
            return true;
        }
    }

    /// <summary>Releases a session's record. The last release ends the record, and its waiting events are
    /// reported.</summary>
    internal void Release(VisitorRecord record)
    {
        lock (_gate)
        {
            if (record.Release()?.TakeCarried() is { Held.Length: > 0 } known)
            {
                forgotten?.OnForgotten(known);
            }
        }
    }
}
