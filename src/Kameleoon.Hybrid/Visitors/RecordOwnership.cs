using System.Diagnostics.CodeAnalysis;

namespace Kameleoon.Hybrid;

/// <summary>Counts which sessions use a record, and ends a record that no session uses.</summary>
/// <param name="forgotten">Receives the events that were waiting in a record that ends, or null.</param>
/// <param name="changes">Is notified that the exposures of such a record do not wait any more, or null.</param>
internal sealed class RecordOwnership(IForgottenVisitorListener? forgotten, IVisitorChangeListener? changes)
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
    /// <param name="record">The record.</param>
    /// <param name="code">The code under which other servers know the visitor.</param>
    internal void Release(VisitorRecord record, string code)
    {
        lock (_gate)
        {
            if (record.Release() is { } last)
            {
                End(record, last, code);
            }
        }
    }

    /// <summary>Reports the waiting events of a visitor who is not kept any more.</summary>
    internal void End(VisitorRecord record, VisitorSnapshot last, string code)
    {
        // The exposures that another server carries are left to that server and to the visitor's next page.
        if (last.Carried.Any(static carried => !carried.IsElsewhere))
        {
            changes?.OnChanged(code, last, last with { Carried = last.Carried.RemoveAll(static carried => !carried.IsElsewhere) });
        }

        if (!last.Held.IsEmpty || !last.Carried.IsEmpty || last.Mapping is { IsDue: true })
        {
            forgotten?.OnForgotten(last, record);
        }
    }
}
