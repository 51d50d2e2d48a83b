using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>What differs between the databases: how to reach one, and SQL that only one of them knows.</summary>
/// <remarks>Each package of a database has one implementation. Everything else works with both.</remarks>
internal abstract class StoreProvider
{
    /// <summary>The SQL expression for the database's current time in Unix milliseconds, so that all servers use one clock.
    /// </summary>
    internal abstract string Now { get; }

    /// <summary>The clause that makes a subquery skip rows that another server locks, or empty.</summary>
    internal abstract string SkipLocked { get; }

    /// <summary>The clause that locks selected rows against deletion until the transaction ends, or empty.</summary>
    internal abstract string ShareLock { get; }

    /// <summary>Sets the provider of Entity Framework.</summary>
    /// <param name="options">The options of the context.</param>
    /// <param name="commandTimeout">The time limit of a command in seconds.</param>
    internal abstract void Configure(DbContextOptionsBuilder options, int commandTimeout);

    /// <summary>Makes a transaction wait for others that named the same text. Called first in the transaction, which then
    /// holds the lock until its end.</summary>
    internal virtual Task WaitForOthersAsync(KameleoonDbContext context, string name, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>Prepares the database before its tables are created.</summary>
    internal virtual Task PrepareAsync(KameleoonDbContext context, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Looks for damage in the database, where its kind has no server that does.</summary>
    internal virtual Task CheckAsync(KameleoonDbContext context, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Fails when the database was found damaged.</summary>
    /// <exception cref="StoreUnusableException">The database is damaged.</exception>
    internal virtual void ThrowIfDamaged()
    {
    }
}
