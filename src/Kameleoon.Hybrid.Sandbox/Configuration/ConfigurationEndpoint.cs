using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves the data file of an environment: <c>GET /v3/{siteCode}</c>.</summary>
internal sealed class ConfigurationEndpoint(ProjectFile dataFile, TimeProvider clock)
{
    // The header counts whole seconds: a sandbox that is restarted with another edit of the same second would call it the
    // same file. Until the second is over, the file has no date.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    internal async Task GetAsync(HttpContext context)
    {
        var response = context.Response;
        var content = dataFile.Read();
        if (content.ServedProject is not { } project)
        {
            response.StatusCode = content.State == ProjectFileState.Missing
                ? StatusCodes.Status404NotFound
                : StatusCodes.Status503ServiceUnavailable;
            // SDKs parse what they get here, so that a sentence alone would look like a damaged file.
            response.ContentType = "application/problem+json";
            await JsonSerializer.SerializeAsync(
                response.Body,
                new ConfigurationProblem("There is no data file to serve.", response.StatusCode, content.Problem, content.Mistakes),
                ConfigurationJson.Default.ConfigurationProblem,
                context.RequestAborted);
            return;
        }

        // Browsers would otherwise guess a lifetime from Last-Modified, and miss an edit.
        response.Headers.CacheControl = "no-cache";
        if (clock.GetUtcNow() - content.LastModified > Settled)
        {
            response.GetTypedHeaders().LastModified = content.LastModified;
            if (context.Request.GetTypedHeaders().IfModifiedSince == content.LastModified)
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        var environment = context.Request.Query["environment"] is [{ Length: > 0 } named, ..] ? named : "production";
        var bytes = project.DataFileOf(environment);
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}

/// <summary>Why no data file is served.</summary>
internal sealed record ConfigurationProblem(string Title, int Status, string? Detail, IReadOnlyList<Mistake> Mistakes);

/// <summary>Writes the answers of the endpoint.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConfigurationProblem))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
