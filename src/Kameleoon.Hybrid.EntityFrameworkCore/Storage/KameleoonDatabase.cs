using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Opens the database, and creates its tables before they are first used.</summary>
/// <remarks>Not at the start: an application has to start, and serve pages, while its database is away.</remarks>
internal sealed class KameleoonDatabase(IDbContextFactory<KameleoonDbContext> contexts, StoreSettings settings) : IDisposable
{
    private const int Attempts = 3;

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private bool _isReady = !settings.CreateSchema;

    internal async ValueTask<KameleoonDbContext> OpenAsync(CancellationToken cancellation)
    {
        if (!Volatile.Read(ref _isReady))
        {
            await CreateAsync(cancellation);
        }

        return await contexts.CreateDbContextAsync(cancellation);
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task CreateAsync(CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; !_isReady; attempt++)
            {
                await using var context = await contexts.CreateDbContextAsync(cancellation);
                try
                {
                    if (context.Database.IsSqlite())
                    {
                        await context.Database.ExecuteSqlRawAsync(Schema.ReadersBesideTheWriter, cancellation);
                    }

                    await context.Database.ExecuteSqlRawAsync(Schema.Script, cancellation);
                    Volatile.Write(ref _isReady, true);
                }
                catch (DbException) when (attempt < Attempts)
                {
                    // PostgreSQL refuses one of two servers that create the same table at once; then it is there.
                }
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
