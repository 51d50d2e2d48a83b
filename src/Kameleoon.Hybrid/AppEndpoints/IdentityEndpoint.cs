using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

/// <summary>The common behaviour of the identity endpoints: responses are never cached, bodies are limited in size, and
/// errors are problem details.</summary>
internal static class IdentityEndpoint
{
    internal const int MaxBodySize = 64 * 1024;

    internal const string RetryAfterSeconds = "5";

    internal static RequestDelegate Of(Func<HttpContext, Task> answer) => async context =>
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await RefuseOtherSitesAsync(context);
            await answer(context);
        }
        catch (IdentityProblemException problem)
        {
            await WriteAsync(context, problem);
        }
        catch (VisitorLinksUnavailableException)
        {
            await WriteAsync(context, new IdentityProblemException(
                StatusCodes.Status503ServiceUnavailable,
                "Visitor codes cannot be looked up now.",
                "The store of visitor links cannot be reached. Nothing was changed; send the request again later."));
        }
    };

    internal static async ValueTask<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
    {
        if (!context.Request.HasJsonContentType() && !IsTextOfThisHost(context.Request))
        {
            throw new IdentityProblemException(
                StatusCodes.Status415UnsupportedMediaType, "The body is no JSON.", "Send Content-Type: application/json.");
        }

        try
        {
            return JsonSerializer.Deserialize((await ReadBodyAsync(context)).Span, type)
                ?? throw IdentityProblemException.BadRequest("The body is null.", "Send a JSON object.");
        }
        catch (JsonException e)
        {
            throw IdentityProblemException.BadRequest("The body cannot be read.", e.Message);
        }
        catch (BadHttpRequestException e)
        {
            throw new IdentityProblemException(e.StatusCode, "The body cannot be read.", e.Message);
        }
        catch (InvalidDataException e)
        {
            // The application decompresses bodies, and this one is broken.
            throw IdentityProblemException.BadRequest("The body cannot be read.", e.Message);
        }
    }

    // Texts that were cut in the middle of an emoji contain half a pair, which must not lose the request.
    private static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var json = body.GetBuffer().AsMemory(0, (int)body.Length);
        HalfPairs.Replace(json.Span);
        return json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
    }

    // fetch(url, {method: "POST", body: JSON.stringify(…)}) sends text/plain. A page of another origin can send that
    // without asking first, so only pages of this host may. Endpoints without text/plain in their metadata never get here.
    private static bool IsTextOfThisHost(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, "text/plain", StringComparison.OrdinalIgnoreCase)
        && RequestOrigin.IsThisHost(request);

    internal static async Task WriteAsync<T>(
        HttpContext context, T answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);

        // The response was written completely. Applications may close the connection then, before the request has
        // ended.
        RequestVisitor.Of(context).Request.ResponseDelivered |= !context.RequestAborted.IsCancellationRequested;
    }

    // A page of another site can make a browser call this endpoint without reading the response. Such a call must not
    // report an exposure.
    private static async ValueTask RefuseOtherSitesAsync(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"] == "cross-site" && !await IsAcceptedAsync(context))
        {
            throw new IdentityProblemException(
                StatusCodes.Status403Forbidden,
                "Another site asks.",
                "These endpoints answer pages of their own site, and of the origins that RequireCors on them names.");
        }
    }

    private static async ValueTask<bool> IsAcceptedAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var policy = context.Request.Headers.Origin.Count == 0 ? null : context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() switch
        {
            ICorsPolicyMetadata own => own.Policy,
            IEnableCorsAttribute named when services.GetService<ICorsPolicyProvider>() is { } policies =>
                await policies.GetPolicyAsync(context, named.PolicyName),
            _ => null,
        };
        return policy is not null && services.GetService<ICorsService>()?.EvaluatePolicy(context, policy).IsOriginAllowed == true;
    }

    private static Task WriteAsync(HttpContext context, IdentityProblemException problem)
    {
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = problem.RetryAfter;
        }

        return (problem.Errors is { } errors
            ? (IResult)TypedResults.Problem(new HttpValidationProblemDetails(errors)
            {
                Status = problem.Status,
                Title = problem.Title,
                Detail = problem.Message,
            })
            : TypedResults.Problem(problem.Message, statusCode: problem.Status, title: problem.Title)).ExecuteAsync(context);
    }

    internal sealed class SizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MaxBodySize;
    }
}
