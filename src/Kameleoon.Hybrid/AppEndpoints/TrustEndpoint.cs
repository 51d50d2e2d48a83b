using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Answers with the report of the experiments: as a page for browsers, else as JSON.</summary>
internal static class TrustEndpoint
{
    // The page has no script and loads nothing.
    private static readonly string Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(TrustPage.Style))) + "'";

    internal static Task AnswerAsync(HttpContext context)
    {
        var services = context.Features.Find<RequestVisitor>()?.Services ?? context.RequestServices;
        if (services.GetService<TrustMonitor>() is not { } monitor)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound; // Another project is watched, this one is not.
            return Task.CompletedTask;
        }

        var report = TrustReport.Of(
            monitor,
            services.GetRequiredService<IdentityComparisons>(),
            services.GetRequiredService<IOptions<KameleoonOptions>>().Value.SiteCode,
            services.GetRequiredService<TimeProvider>().GetUtcNow());
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = "Accept";
        if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return context.Response.WriteAsJsonAsync(report, TrustJson.Default.TrustReport, cancellationToken: context.RequestAborted);
        }

        var nonce = services.GetRequiredService<Nonces>().Find(context, attribute: null);
        context.Response.ContentType = "text/html; charset=utf-8";
        if (context.Response.Headers.ContentSecurityPolicy.Count == 0)
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
        }

        return context.Response.WriteAsync(TrustPage.Write(report, nonce), context.RequestAborted);
    }
}
