using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Deletes the events and the history of visitors: <c>POST /visit/forget</c>, one visitor code a line.</summary>
internal sealed class VisitorDeletionEndpoint(Recorder recorder, SandboxStore store, TokenEndpoint tokens)
{
    private const int MaxBytes = 1024 * 1024;

    internal async Task PostAsync(HttpContext context)
    {
        if (!tokens.IsAuthorized(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (await RequestText.ReadAsync(context, MaxBytes) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        RequestLog.AttachBody(context, body);
        var codes = body.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .ToHashSet(StringComparer.Ordinal);
        store.DeleteVisitors(recorder.Forget(codes));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
