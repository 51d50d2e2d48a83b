using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The remote control, for tests and for the live page. Changes need the header
/// <c>X-Kameleoon-Sandbox</c>, which no foreign page can send.</summary>
internal sealed class ControlEndpoints(
    Recorder recorder,
    SandboxDataFile dataFile,
    SandboxSettings settings,
    SandboxStore store,
    SandboxClock clock,
    Faults faults,
    HitLog hits,
    StreamWords words,
    ILogger<ControlEndpoints> logger)
{
    private const int MaxBytes = 8 * 1024 * 1024;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/control/hits", GetHitsAsync);
        routes.MapGet("/control/clock", GetClockAsync);
        routes.MapGet("/control/faults", context => JsonAsync(
            context, faults.All, ControlJson.Default.IReadOnlyDictionaryStringFault));
        routes.MapPost("/control/reset", Own(ResetAsync));
        routes.MapPost("/control/clock", Own(SetClockAsync));
        routes.MapMethods("/control/faults/{endpoint}", ["PUT", "DELETE"], Own(SetFaultAsync));
        routes.MapPut("/control/stream", Own(SetStreamAsync));
        routes.MapDelete("/control/faults", Own(ClearFaultsAsync));
        routes.MapMethods("/control/flags/{flag}", ["PUT", "DELETE"], Own(SetFlagAsync));
        routes.MapDelete("/control/flags", Own(ClearFlagsAsync));
        routes.MapMethods("/control/project", ["PUT", "DELETE"], Own(SetProjectAsync));
        routes.MapMethods("/control/scores/{kind:regex(^(kcs|cbs)$)}/{visitor}", ["PUT", "DELETE"], Own(SetScoreAsync));
    }

    /// <summary>Forgets everything: events, hits, faults, edits, maps, the replaced project, and how late it is.</summary>
    internal void Reset()
    {
        faults.Clear();
        settings.Clear();
        clock.Offset = TimeSpan.Zero;
        dataFile.Replace(null);
        store.ClearBatches();
        recorder.Reset();
        hits.Clear();
        words.GreetsWithUpdate = false;
        logger.Reset();
    }

    private Task ResetAsync(HttpContext context)
    {
        Reset();
        return DoneAsync(context);
    }

    private Task GetHitsAsync(HttpContext context) => JsonAsync(
        context,
        hits.Read(context.Request.Query["endpoint"] is [{ Length: > 0 } endpoint, ..] ? endpoint : null),
        ControlJson.Default.IReadOnlyListHit);

    private Task GetClockAsync(HttpContext context) => JsonAsync(
        context, new ClockReading(clock.GetUtcNow(), clock.Offset.TotalSeconds), ControlJson.Default.ClockReading);

    private Task SetClockAsync(HttpContext context)
    {
        if (!double.TryParse(
                context.Request.Query["advanceSeconds"], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(seconds) > TimeSpan.FromDays(3650).TotalSeconds)
        {
            return RefuseAsync(context, "Say by how much, as in control/clock?advanceSeconds=1800; ten years at most.");
        }

        clock.Advance(TimeSpan.FromSeconds(seconds));
        return GetClockAsync(context);
    }

    private async Task SetFaultAsync(HttpContext context)
    {
        var endpoint = (string)context.Request.RouteValues["endpoint"]!;
        if (!PlatformDoor.Endpoints.Contains(endpoint, StringComparer.Ordinal))
        {
            await RefuseAsync(
                context, $"There is no endpoint \"{endpoint}\". There are {string.Join(", ", PlatformDoor.Endpoints)}.");
            return;
        }

        if (HttpMethods.IsDelete(context.Request.Method))
        {
            faults.Clear(endpoint);
            await DoneAsync(context);
        }
        else if (await ReadAsync(context, ControlJson.Default.Fault) is { } fault)
        {
            if (fault.Problem is { } problem)
            {
                await RefuseAsync(context, problem);
                return;
            }

            faults.Set(endpoint, fault);
            await DoneAsync(context);
        }
    }

    private Task SetStreamAsync(HttpContext context)
    {
        var kind = context.Request.Query["say"].ToString();
        var greets = context.Request.Query["onConnect"].ToString();
        if ((kind.Length > 0 && !StreamWords.Kinds.Contains(kind, StringComparer.Ordinal))
            || greets is not ("" or "true" or "false") || (kind.Length == 0 && greets.Length == 0))
        {
            return RefuseAsync(context, $"say is one of {string.Join(", ", StreamWords.Kinds)}; onConnect is true or false.");
        }

        words.GreetsWithUpdate = greets.Length > 0 ? greets is "true" : words.GreetsWithUpdate;
        if (kind.Length > 0)
        {
            words.Say(kind);
        }

        return DoneAsync(context);
    }

    private Task ClearFaultsAsync(HttpContext context)
    {
        faults.Clear();
        return DoneAsync(context);
    }

    private async Task SetFlagAsync(HttpContext context)
    {
        var flag = (string)context.Request.RouteValues["flag"]!;
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            settings.SetEdit(flag, null);
            dataFile.Read();
            recorder.Touch();
            await DoneAsync(context);
        }
        else if (await ReadAsync(context, ControlJson.Default.FlagEdit) is { } edit)
        {
            await (TryChangeFlag(flag, _ => edit) is { } problem ? RefuseAsync(context, problem) : DoneAsync(context));
        }
    }

    /// <summary>Edits a flag, or says why not.</summary>
    internal string? TryChangeFlag(string flag, Func<FlagEdit, FlagEdit> change)
    {
        var problem = dataFile.Read().Project is { } project
            ? settings.TryChangeEdit(flag, change, edit => FlagEdits.Check(project.WithoutEdits("production"), flag, edit))
            : "There is no project to edit.";
        if (problem is null)
        {
            dataFile.Read();
            recorder.Touch();
        }

        return problem;
    }

    private Task ClearFlagsAsync(HttpContext context)
    {
        settings.ClearEdits();
        dataFile.Read();
        recorder.Touch();
        return DoneAsync(context);
    }

    private async Task SetProjectAsync(HttpContext context)
    {
        try
        {
            if (HttpMethods.IsDelete(context.Request.Method))
            {
                dataFile.Replace(null);
            }
            else if (await RequestText.ReadAsync(context, MaxBytes) is { } text)
            {
                dataFile.Replace(System.Text.Encoding.UTF8.GetBytes(text));
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }

            recorder.Touch();
            await DoneAsync(context);
        }
        catch (ProjectException e)
        {
            await RefuseAsync(context, string.Join('\n', e.Mistakes.Select(mistake => mistake.Sentence)));
        }
    }

    private async Task SetScoreAsync(HttpContext context)
    {
        var kind = (string)context.Request.RouteValues["kind"]!;
        var visitor = (string)context.Request.RouteValues["visitor"]!;
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            settings.SetScore(kind, visitor, null);
            await DoneAsync(context);
        }
        else if (await ReadAsync(context, ControlJson.Default.JsonObject) is { } scores)
        {
            settings.SetScore(kind, visitor, scores.ToJsonString());
            await DoneAsync(context);
        }
    }

    private static RequestDelegate Own(RequestDelegate answer) => context =>
        SameOrigin.Holds(context.Request) ? answer(context) : SameOrigin.RefuseAsync(context);

    private static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } value)
            {
                return value;
            }

            await RefuseAsync(context, "The body has to be a JSON object.");
        }
        catch (JsonException e)
        {
            await RefuseAsync(context, $"The body cannot be read: {e.Message}");
        }

        return null;
    }

    private static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    private static Task DoneAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}

/// <summary>What the sandbox's clock says, and how many seconds it is ahead of the machine's.</summary>
internal sealed record ClockReading(DateTimeOffset Now, double AheadSeconds);
