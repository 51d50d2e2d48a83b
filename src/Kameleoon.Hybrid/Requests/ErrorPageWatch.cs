using Microsoft.AspNetCore.Diagnostics;

namespace Kameleoon.Hybrid;

/// <summary>What the error middleware said of a request when it was last asked. Few requests have one.</summary>
internal sealed class ErrorPageWatch
{
    private IExceptionHandlerFeature? _failure;
    private IStatusCodeReExecuteFeature? _reExecution;

    /// <summary>Whether an error page replaces the page since the last call.</summary>
    internal bool HasNew(IExceptionHandlerFeature? failure, IStatusCodeReExecuteFeature? reExecution)
    {
        var isNew = (failure is not null && !ReferenceEquals(failure, _failure))
            || (reExecution is not null && !ReferenceEquals(reExecution, _reExecution));
        (_failure, _reExecution) = (failure, reExecution);
        return isNew;
    }
}
