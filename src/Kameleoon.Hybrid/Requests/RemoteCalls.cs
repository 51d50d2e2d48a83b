using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>What a client asks the platform about its visitor, while somebody waits for the answer.</summary>
internal sealed class RemoteCalls(
    string visitorCode, KnownVisitor visitor, KameleoonClientServices services, RequestVisitor? request)
{
    internal async Task<JsonElement> GetMapAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        using var either = WhileAnybodyWaits(cancellationToken);
        return await services.Remote.GetMapAsync(key, either.Token);
    }

    internal async Task<RemoteVisitorData> GetHistoryAsync(
        RemoteVisitorDataFilter filter, bool addData, CancellationToken cancellationToken)
    {
        // Of a code that was made up just now the platform knows nothing.
        if (request is { Source: VisitorCodeSource.Generated })
        {
            return RemoteVisitorData.Empty;
        }

        using var either = WhileAnybodyWaits(cancellationToken);
        var history = await services.Remote.GetVisitorAsync(visitorCode, visitor.IsUnique, filter, either.Token);
        visitor.Remember(history, addData, filter.VisitorCode, services.Configuration.DataFile);
        return history;
    }

    /// <returns>The audiences as custom data, or null when the warehouse does not know the visitor.</returns>
    internal async Task<CustomData?> GetAudiencesAsync(int index, string? key, CancellationToken cancellationToken)
    {
        var map = await GetMapAsync(string.IsNullOrEmpty(key) ? visitorCode : key, cancellationToken);
        return map.ValueKind == JsonValueKind.Object
            && map.TryGetProperty("warehouseAudiences"u8, out var audiences)
            && audiences.ValueKind == JsonValueKind.Object
                ? new CustomData(index, [.. audiences.EnumerateObject().Select(static audience => audience.Name)])
                : null;
    }

    private CancellationTokenSource WhileAnybodyWaits(CancellationToken cancellationToken) =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request?.Context?.RequestAborted ?? default);
}
