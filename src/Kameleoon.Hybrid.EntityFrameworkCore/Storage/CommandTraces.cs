using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Traces the library's commands: an activity <c>kameleoon.store.command</c> of the source <c>Kameleoon.Hybrid</c>
/// for each.</summary>
internal sealed class CommandTraces : DbCommandInterceptor, IDisposable
{
    private readonly ActivitySource _source = new("Kameleoon.Hybrid");

    public void Dispose() => _source.Dispose();

    public override DbDataReader ReaderExecuted(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result) => Traced(eventData, result);

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        new(Traced(eventData, result));

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result) =>
        Traced(eventData, result);

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(Traced(eventData, result));

    public override object? ScalarExecuted(DbCommand command, CommandExecutedEventData eventData, object? result) =>
        Traced(eventData, result);

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default) =>
        new(Traced(eventData, result));

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Trace(eventData, eventData.Exception);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Trace(eventData, eventData.Exception);
        return Task.CompletedTask;
    }

    private T Traced<T>(CommandEndEventData done, T result)
    {
        Trace(done, failure: null);
        return result;
    }

    // Entity Framework says when a command started once it is done.
    private void Trace(CommandEndEventData done, Exception? failure)
    {
        if (!_source.HasListeners())
        {
            return;
        }

        using var activity = _source.StartActivity("kameleoon.store.command", ActivityKind.Client, parentContext: default,
            tags: [new("db.query.text", done.Command.CommandText)], startTime: done.StartTime);
        activity?.SetEndTime(done.StartTime.UtcDateTime + done.Duration);
        if (failure is not null)
        {
            activity?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error, failure.Message);
        }
    }
}
