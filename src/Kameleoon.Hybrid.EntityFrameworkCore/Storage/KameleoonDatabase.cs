using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Opens the database, and creates missing tables on first use.</summary>
/// <remarks>
/// Not at the start, because an application must start and serve pages while its database is unavailable.
/// </remarks>
internal sealed class KameleoonDatabase(IDbContextFactory<KameleoonDbContext> contexts, StoreOptions settings) : IDisposable
{
    private const int Attempts = 3;

    private readonly SemaphoreSlim _schemaLock = new(1);
    private bool _isReady = !settings.CreateSchema;

    internal async ValueTask<KameleoonDbContext> OpenAsync(CancellationToken cancellation)
    {
        if (!Volatile.Read(ref _isReady))
        {
            await CreateAsync(cancellation);
        }

        return await contexts.CreateDbContextAsync(cancellation);
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
                    if (context.Database.IsSqlite())
                    {
                        await context.Database.ExecuteSqlRawAsync(Schema.EnableWriteAheadLog, cancellation);
                    }

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
