using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads and writes key-value maps, which hold remote data and warehouse audiences: <c>/map/map</c> and
/// <c>/map/maps</c>.</summary>
internal sealed class MapEndpoints(StoredSettings settings, TokenEndpoint tokens)
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxKeys = 100;
    private const int DefaultHours = 2208;
    private const int MaxHours = 8784;

    internal Task GetOneAsync(HttpContext context)
    {
        var key = context.Request.Query["key"].ToString();
        return key.Length == 0
            ? FailAsync(context, StatusCodes.Status400BadRequest)
            : WriteAsync(context, settings.Map(key) ?? "{}");
    }

    internal Task GetManyAsync(HttpContext context)
    {
        if (Keys(context.Request.Query["keys"].ToString()) is not { Count: <= MaxKeys } keys)
        {
            return FailAsync(context, StatusCodes.Status400BadRequest);
        }

        return WriteAsync(context, $"{{{string.Join(',', keys.Select(
            key => $"\"{JsonEncodedText.Encode(key)}\":{settings.Map(key) ?? "{}"}"))}}}");
    }

    internal async Task PostAsync(HttpContext context)
    {
        if (!tokens.IsAuthorized(context.Request))
        {
            await FailAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        var asked = int.TryParse(context.Request.Query["ttlHours"], NumberStyles.None, CultureInfo.InvariantCulture, out var hours);
        if (await RequestText.ReadAsync(context, MaxBytes) is not { } body)
        {
            await FailAsync(context, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        RequestLog.AttachBody(context, body);
        var saved = settings.TrySetMaps(body, TimeSpan.FromHours(Math.Min(asked ? hours : DefaultHours, MaxHours)));
        context.Response.StatusCode = saved ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
    }

    private Task WriteAsync(HttpContext context, string json)
    {
        if (!tokens.IsAuthorized(context.Request))
        {
            return FailAsync(context, StatusCodes.Status401Unauthorized);
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = EngineAnswers.NotReused;
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    private static Task FailAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static List<string>? Keys(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(HalfPairs.Replace(json));
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(key => key.ToString())]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
