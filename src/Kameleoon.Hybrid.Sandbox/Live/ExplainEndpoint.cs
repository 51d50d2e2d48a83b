using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Explains what the data file decides for a visitor, flag and environment, and why.</summary>
/// <remarks>Known of the visitor is what the parameters state. Posted, they may be longer than an address.</remarks>
internal sealed class ExplainEndpoint(ProjectFile dataFile, SandboxClock clock)
{
    // As long as the library lets a visitor code be.
    private const int MaxCodeLength = 255;

    private const int MaxBodyBytes = 256 * 1024;

    internal async Task AnswerAsync(HttpContext context)
    {
        var stated = HttpMethods.IsPost(context.Request.Method)
            ? await RequestText.ReadAsync(context, MaxBodyBytes)
            : context.Request.QueryString.Value;
        var (status, text) = stated is null
            ? (StatusCodes.Status413PayloadTooLarge, "That is too much to know of a visitor.")
            : Answer(QueryHelpers.ParseQuery(stated));
        context.Response.StatusCode = status;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private (int Status, string Text) Answer(Dictionary<string, StringValues> stated)
    {
        var flag = stated.GetValueOrDefault("flag").ToString();
        if (flag.Length == 0)
        {
            return (StatusCodes.Status400BadRequest, "Name a feature flag.");
        }

        var visitor = stated.GetValueOrDefault("visitor").ToString();
        if (visitor.Length is 0 or > MaxCodeLength)
        {
            return (StatusCodes.Status400BadRequest, $"Name a visitor code of 1 to {MaxCodeLength} characters.");
        }

        var content = dataFile.Read();
        if (content.ServedProject is not { } project)
        {
            return (StatusCodes.Status503ServiceUnavailable, $"There is no usable data file. {content.Problem}");
        }

        var environment = stated.GetValueOrDefault("environment").ToString();
        var data = project.DataOf(environment.Length > 0 ? environment : "production");
        var facts = new VisitorFactsReader(stated, data, clock);
        var known = facts.Of(visitor);
        return facts.Problems.Count > 0
            ? (StatusCodes.Status400BadRequest, string.Join('\n', facts.Problems))
            : (StatusCodes.Status200OK, data.Explain(flag, known).ToString());
    }
}
