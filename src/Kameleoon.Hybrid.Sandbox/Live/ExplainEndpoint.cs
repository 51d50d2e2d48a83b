using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Says for any visitor and flag what the data file decides, and why; only the visitor code is known.</summary>
internal sealed class ExplainEndpoint(SandboxDataFile dataFile, SandboxClock clock)
{
    // As long as the library lets a visitor code be.
    private const int MaxCodeLength = 255;

    internal Task GetAsync(HttpContext context)
    {
        var (status, text) = Answer(context.Request.Query["flag"].ToString(), context.Request.Query["visitor"].ToString());
        context.Response.StatusCode = status;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private (int Status, string Text) Answer(string flag, string visitor)
    {
        if (flag.Length == 0)
        {
            return (StatusCodes.Status400BadRequest, "Name a feature flag.");
        }

        if (visitor.Length is 0 or > MaxCodeLength)
        {
            return (StatusCodes.Status400BadRequest, $"Name a visitor code of 1 to {MaxCodeLength} characters.");
        }

        var content = dataFile.Read();
        return content.Served is { } project
            ? (StatusCodes.Status200OK, project.Data.Explain(flag, new NamedVisitor(visitor, clock.GetLocalNow())).ToString())
            : (StatusCodes.Status503ServiceUnavailable, $"There is no usable data file. {content.Problem}");
    }
}

/// <summary>A visitor of whom nothing but the code is known.</summary>
internal sealed record NamedVisitor(string VisitorCode, DateTimeOffset Now) : IVisitorFacts;
