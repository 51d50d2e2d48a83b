using System.Data.Common;
using Kameleoon.Hybrid.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Sqlite;

/// <summary>Recognises a SQLite file that is full, read-only or damaged, and logs the file and the remedy, once an hour.
/// </summary>
internal sealed partial class UnusableDatabase(TimeProvider clock, ILogger<UnusableDatabase> logger)
    : DbCommandInterceptor, IDbTransactionInterceptor
{
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    // On a full disk small writes may succeed between those that fail, so a success ends nothing.
    private static readonly TimeSpan LogInterval = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private StoreUnusableException? _damage;
    private long? _loggedAt;

    /// <summary>Fails when the file was found damaged. It stays unusable until the application is restarted.</summary>
    /// <exception cref="StoreUnusableException">The file is damaged.</exception>
    internal void ThrowIfDamaged()
    {
        if (Volatile.Read(ref _damage) is { } damage)
        {
            throw new StoreUnusableException(damage.Message, damage);
        }
    }

    /// <summary>Notes the result of SQLite's check of the file.</summary>
    internal void NoteCheck(string file, string result)
    {
        if (!string.Equals(result, "ok", StringComparison.OrdinalIgnoreCase))
        {
            Damage(file, new InvalidDataException(result));
        }
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) =>
        ThrowIfUnusable(eventData.Exception, command.Connection);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable(eventData.Exception, command.Connection);
        return Task.CompletedTask;
    }

    void IDbTransactionInterceptor.TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) =>
        ThrowIfUnusable(eventData.Exception, transaction.Connection);

    Task IDbTransactionInterceptor.TransactionFailedAsync(
        DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken)
    {
        ThrowIfUnusable(eventData.Exception, transaction.Connection);
        return Task.CompletedTask;
    }

    private void ThrowIfUnusable(Exception failure, DbConnection? connection)
    {
        if (failure is not SqliteException { SqliteErrorCode: var code })
        {
            return;
        }

        var file = connection?.DataSource ?? "";
        throw code switch
        {
            Full => Unusable(file, "There is no room for it on its disk, or it has reached its largest size. Free disk space.", failure),
            ReadOnly or CannotOpen when code == ReadOnly || FolderAccess.IsReadOnly(file) => Unusable(file, "It is read-only. Let the application write the file and its folder.", failure),
            Corrupt or NotADatabase => Damage(file, failure),
            _ => failure,
        };
    }

    private StoreUnusableException Damage(string file, Exception failure)
    {
        var damage = Unusable(
            file, "It is damaged. Stop the application, move the file away or restore a backup, and start it again.", failure);
        Volatile.Write(ref _damage, damage);
        return damage;
    }

    private StoreUnusableException Unusable(string file, string remedy, Exception failure)
    {
        var text = $"The database file {file} cannot be used. {remedy}";
        if (IsDue())
        {
            FileUnusable(text, failure);
        }

        return new StoreUnusableException(text, failure);
    }

    private bool IsDue()
    {
        lock (_gate)
        {
            if (_loggedAt is { } last && clock.GetElapsedTime(last) < LogInterval)
            {
                return false;
            }

            _loggedAt = clock.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(611, LogLevel.Error, "{Problem} Pages are served without it.")]
    private partial void FileUnusable(string problem, Exception exception);
}
