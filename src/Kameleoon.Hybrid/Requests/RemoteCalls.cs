using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>Asks the platform about a visitor, for as long as the caller and the request wait for the answer.</summary>
internal sealed class RemoteCalls(RemoteDataClient remote, HistoryKeeper histories, ConfigurationStore configuration)
{
    /// <summary>Returns a map of the platform's data warehouse.</summary>
    internal async Task<JsonElement> GetMapAsync(VisitorRequest? request, string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        using var either = LinkToRequest(request, cancellationToken);
        return await remote.GetMapAsync(key, either.Token);
    }

    /// <summary>Returns what the platform knows of a visitor, and keeps it.</summary>
    internal async Task<RemoteVisitorData> GetHistoryAsync(
        KnownVisitor visitor,
        VisitorRequest? request,
        RemoteVisitorDataFilter filter,
        bool addData,
        CancellationToken cancellationToken)
    {
        // The platform knows nothing of a code that was generated for this request.
        if (request is { Source: VisitorCodeSource.Generated })
        {
            return RemoteVisitorData.Empty;
        }

        using var either = LinkToRequest(request, cancellationToken);
        var history = await remote.GetVisitorAsync(visitor.Code, visitor.IsUnique, filter, either.Token);
        histories.Keep(visitor, history, addData, filter.VisitorCode, configuration.DataFile);
        return history;
    }

    /// <summary>Returns the visitor's audiences in the data warehouse.</summary>
    /// <returns>The audiences as custom data, or null when the warehouse does not know the visitor.</returns>
    internal async Task<CustomData?> GetAudiencesAsync(
        KnownVisitor visitor, VisitorRequest? request, int index, string? key, CancellationToken cancellationToken)
    {
        var map = await GetMapAsync(request, string.IsNullOrEmpty(key) ? visitor.Code : key, cancellationToken);
        return map.ValueKind == JsonValueKind.Object
            && map.TryGetProperty("warehouseAudiences"u8, out var audiences)
            && audiences.ValueKind == JsonValueKind.Object
                ? new CustomData(index, [.. audiences.EnumerateObject().Select(static audience => audience.Name)])
                : null;
    }

    private static CancellationTokenSource LinkToRequest(VisitorRequest? request, CancellationToken cancellationToken)
    {
        using var use = new RequestUse(request);
        return CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request?.Context?.RequestAborted ?? default);
    }
}
