using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the bodies and writes the answers of the control endpoints.</summary>
internal static class ControlHttp
{
    /// <summary>Lets only the live page and programs call an endpoint; pages of other origins get 403.</summary>
    internal static RequestDelegate RequireSameOrigin(RequestDelegate next) => context =>
        SameOriginCheck.IsSameOrigin(context.Request) ? next(context) : SameOriginCheck.RejectAsync(context);

    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads the body as JSON, or answers 400 or 413 and returns null.</summary>
    internal static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await RequestText.ReadAsync(context, MaxBytes) is not { } body)
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return null;
            }

            if (JsonSerializer.Deserialize(HalfPairs.Replace(body), type) is { } value)
            {
                return value;
            }

            await RejectAsync(context, "The body has to be a JSON object.");
        }
        catch (JsonException e)
        {
            await RejectAsync(context, $"The body cannot be read: {e.Message}");
        }

        return null;
    }

    internal static Task WriteJsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    /// <summary>Answers 204.</summary>
    internal static Task CompleteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Answers 400 with the reason as text.</summary>
    internal static Task RejectAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }
}
