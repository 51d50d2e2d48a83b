using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Lets the output cache keep a copy of a page for each combination of the variations it depends on.</summary>
/// <remarks>
/// It replaces the framework's default policy and applies the same rules with one exception: the visitor-code cookie
/// does not prevent the page from being stored. That cookie is added when the headers are sent, and is never stored.
/// </remarks>
internal sealed class VariationCachePolicy(string name, string[] featureKeys, TimeSpan? expiration, int maxCells)
    : IOutputCachePolicy
{
    private const string RuleName = "kameleoon";

    // By data file; each project has one. Copies of an earlier data file are not used any more.
    private readonly ConditionalWeakTable<DataFile, ConcurrentDictionary<string, byte>> _cells = [];
    private readonly LogOnce _overflow = new();
    private readonly LogOnce _tooEarly = new();

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.EnableOutputCaching = true;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = expiration;
        context.Tags.Add(name);
        context.CacheVaryByRules.QueryKeys = "*";
        if (context.HttpContext.Features.Find<RequestVisitor>() is { } visitor)
        {
            visitor.Privacy.IsByVariation = true;
        }

        var isShared = IsAnonymous(context.HttpContext.Request) && TryEnter(context);
        context.AllowCacheLookup = isShared;
        context.AllowCacheStorage = isShared;
        return ValueTask.CompletedTask;
    }

    /// <summary>Handles a page from the cache, which was rendered for another visitor with the same
    /// variations.</summary>
    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.HttpContext.Features.Find<RequestVisitor>()?.Privacy.ReceiveCopy();
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        var visitor = context.HttpContext.Features.Find<RequestVisitor>();
        visitor?.NoticeConsent();

        // The visitor-code cookie was added when the headers were sent, after the cache had copied them. The copy may
        // contain any other cookie. Where no tag passes on what was taken for it, the exposures of the copy's visitors would be lost.
        if (response.StatusCode != StatusCodes.Status200OK
            || !response.Headers.SetCookie.All(VisitorCookie.IsOurs)
            || visitor is { HasClient: true, Client.Ledger.HasUnwritten: true })
        {
            context.AllowCacheStorage = false;
        }

        return ValueTask.CompletedTask;
    }

    private static bool IsAnonymous(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && StringValues.IsNullOrEmpty(request.Headers.Authorization)
        && request.HttpContext.User.Identity?.IsAuthenticated != true;

    private bool TryEnter(OutputCacheContext context)
    {
        var http = context.HttpContext;
        if (http.Features.Find<RequestVisitor>() is not { } visitor)
        {
            ReportPlace(http);
            return false;
        }

        // A page that passes the visitor code to the engine belongs to its visitor, and so does a page with a simulated
        // variation. A page fetched ahead tells the server when it is shown, which other pages of the copy would not.
        // Copies of two data files must not mix, on one server or between servers that share a store.
        if (visitor.Client.GetDataFile() is not { } dataFile
            || visitor.Client.DataFileVersion is not { } version
            || !visitor.MayBeShared(dataFile)
            || visitor.FindSimulation(dataFile) is not null
            || (visitor.HasServerShare && visitor.IsFetchedAhead))
        {
            return false;
        }

        var consent = visitor.ConsentUnder(dataFile);
        var decisions = Array.ConvertAll(featureKeys, flag =>
        {
            visitor.Client.Decide(dataFile, flag, out var decision);
            return decision;
        });
        var key = Key(visitor, dataFile, version, consent, decisions);
        if (!TryTakeCell(dataFile, key))
        {
            if (_overflow.IsFirst())
            {
                Logger(http).TooManyCells(http.Request.Path, maxCells);
            }

            return false;
        }

        visitor.Privacy.Cell = new VariationCell(featureKeys, decisions, consent);
        context.CacheVaryByRules.VaryByValues[RuleName] = key;
        return true;
    }

    private static string Key(
        RequestVisitor visitor, DataFile dataFile, string version, Consent consent, ReadOnlySpan<Decision> decisions)
    {
        // Exposures of a page that a script inserts are reported by the server, also for its copies. A page that a
        // script may insert later has no image.
        var request = visitor.Context!.Request;
        var key = new StringBuilder(visitor.SiteCode).Append('|').Append(version)
            .Append(!RequestIntent.RunsScripts(request) ? "|fetched" : RequestIntent.IsFetchedByScript(request) ? "|ahead" : "");
        if (dataFile.ConsentRequired)
        {
            key.Append('|').Append(consent);
        }

        foreach (ref readonly var decision in decisions)
        {
            var (variation, experiment, id, holdout) = VariationCell.KeyOf(decision);
            key.Append('|').Append(variation).Append('/').Append(experiment).Append('/').Append(id).Append('/').Append(holdout);
        }

        return key.ToString();
    }

    private bool TryTakeCell(DataFile dataFile, string key)
    {
        var cells = _cells.GetValue(dataFile, static _ => new(StringComparer.Ordinal));
        return cells.ContainsKey(key) || (cells.Count < maxCells && cells.TryAdd(key, 0));
    }

    private void ReportPlace(HttpContext http)
    {
        if (_tooEarly.IsFirst(RouteName.Of(http)))
        {
            Logger(http).OutputCacheTooEarly(http.Request.Path);
        }

        if (http.RequestServices.GetService<IHostEnvironment>()?.IsDevelopment() == true)
        {
            throw new InvalidOperationException(
                "The output cache asks for the visitor's variations before there is a visitor. Call "
                + "app.UseKameleoonVisitorCode() before app.UseOutputCache().");
        }
    }

    private static ILogger Logger(HttpContext http) =>
        http.RequestServices.GetRequiredService<ILogger<VariationCachePolicy>>();
}
