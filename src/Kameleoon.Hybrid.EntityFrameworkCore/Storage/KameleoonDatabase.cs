using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Opens the database, and creates missing tables on first use.</summary>
/// <remarks>
/// Not at the start, because an application must start and serve pages while its database is unavailable.
/// </remarks>
internal sealed class KameleoonDatabase(
    IDbContextFactory<KameleoonDbContext> contexts, StoreOptions settings, StoreProvider provider) : IDisposable
{
    private const int Attempts = 3;

    private readonly SemaphoreSlim _schemaLock = new(1);
    private bool _isReady = !settings.CreateSchema;

    /// <exception cref="StoreUnusableException">The database was found damaged.</exception>
    internal async ValueTask<KameleoonDbContext> OpenAsync(CancellationToken cancellation)
    {
        provider.ThrowIfDamaged();
        if (!Volatile.Read(ref _isReady))
        {
            await CreateAsync(cancellation);
        }

        return await contexts.CreateDbContextAsync(cancellation);
    }

    /// <summary>Looks for damage in the database.</summary>
    internal async Task CheckAsync(CancellationToken cancellation)
    {
        await using var context = await OpenAsync(cancellation);
        await provider.CheckAsync(context, cancellation);
    }

    public void Dispose() => _schemaLock.Dispose();

    private async Task CreateAsync(CancellationToken cancellation)
    {
        await _schemaLock.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; !_isReady; attempt++)
            {
                await using var context = await contexts.CreateDbContextAsync(cancellation);
                try
                {
                    await provider.PrepareAsync(context, cancellation);
                    await context.Database.ExecuteSqlRawAsync(Schema.Script, cancellation);
                    Volatile.Write(ref _isReady, true);
                }
                catch (DbException) when (attempt < Attempts)
                {
                    // When two servers create a table at once, PostgreSQL rejects one of them; the table then exists.
                }
            }
        }
        finally
        {
            _schemaLock.Release();
        }
    }
}
