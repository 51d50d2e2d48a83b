using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>Tells the other servers of a farm what the visitor's last page passed to the engine, where servers share sessions.
/// A script may leave that page for a page of another server.</summary>
/// <remarks>The address of the page is stored as a hash, because addresses may be personal.</remarks>
internal sealed class SharedHandedPages(
    SharedSessionAccess access, SharedSessionWrites writes, ConfigurationStore configuration, TimeProvider clock)
{
    private const string Name = "handed";

    /// <summary>Whether servers share sessions.</summary>
    internal bool IsOn => access.IsOn;

    /// <summary>Writes what a page passed to the engine. It replaces what the page before passed.</summary>
    internal void Write(string visitorCode, string address, ExposureLedger ledger, TimeSpan lifetime)
    {
        var due = (clock.GetUtcNow() + lifetime).ToUnixTimeMilliseconds();
        List<string> values = [HashOf(address), due.ToString(CultureInfo.InvariantCulture)];
        foreach (var entry in ledger)
        {
            if (entry is { IsOwnedByEngine: true, IsTracked: true, Exposure: var exposure })
            {
                values.Add(string.Create(CultureInfo.InvariantCulture, $"{exposure.ExperimentId}.{exposure.VariationId}"));
            }
        }

        writes.Write(new(visitorCode, Name, values));
    }

    /// <summary>Tells the other servers that nothing can be taken back from the page any more.</summary>
    internal void Withdraw(string visitorCode) => writes.Write(new(visitorCode, Name, []));

    /// <summary>Returns what the visitor's last page on another server passed to the engine, or null if a navigation does not
    /// come from that page.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="address">The path and the query of the navigation's referrer; empty or the home page if unknown.</param>
    /// <param name="lifetime">How old the page may be.</param>
    internal async ValueTask<ExposureLedger?> FindAsync(string visitorCode, string address, TimeSpan lifetime)
    {
        var read = writes.BeginRead();
        try
        {
            var reply = await access.AskAsync((store, token) => store.FindAsync(visitorCode, token));
            return reply is { IsDone: true, Answer: { } found }
                && found.FirstOrDefault(static entry => string.Equals(entry.Name, Name, StringComparison.Ordinal)) is { } entry
                && !writes.HasNewer(entry, read)
                    ? Read(entry, address, lifetime)
                    : null;
        }
        finally
        {
            writes.EndRead(read);
        }
    }

    private static string HashOf(string address) =>
        RequestNonces.NonceOf(address).ToString("X16", CultureInfo.InvariantCulture);

    private ExposureLedger? Read(VisitorSessionEntry entry, string address, TimeSpan lifetime)
    {
        if (entry.Values is not [var hash, var due, ..]
            || !(address is "" or "/" || string.Equals(hash, HashOf(address), StringComparison.Ordinal))
            || !long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            || (entry.Age is { } age ? age >= lifetime : milliseconds <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            || configuration.DataFile is not { } dataFile)
        {
            return null;
        }

        var ledger = new ExposureLedger();
        foreach (var pair in entry.Values.Skip(2))
        {
            if (SeenEndpoint.TryParse(pair, out var experiment, out var variation)
                && Exposure.Find(dataFile, experiment, variation) is { } exposure)
            {
                ledger.Add(exposure, track: true)?.GiveToEngine();
            }
        }

        return ledger.IsEmpty ? null : ledger;
    }
}
