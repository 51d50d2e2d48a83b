using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Takes what applications tell of their visitor: all of a request, or nothing.</summary>
internal sealed class EventsEndpoint(
    IdentityCallers callers,
    IIdempotencyKeyStore keys,
    ConfigurationStore configuration,
    IOptions<KameleoonOptions> options,
    ILogger<EventsEndpoint> logger)
{
    internal const string KeyHeader = "Idempotency-Key";

    private const int MaxEvents = 100;
    private const int MaxKeyLength = 100;

    private int _failureLogged;

    internal async Task PostAsync(HttpContext context)
    {
        var key = ReadKey(context.Request);
        var events = (await IdentityEndpoint.ReadAsync(context, IdentityJson.Default.EventsRequest)).Events;
        Check(events);
        var client = await callers.GetClientAsync(context);
        if (RequestVisitor.Of(context) is { Source: VisitorCodeSource.Generated } visitor && ReferenceEquals(client, visitor.Client))
        {
            throw IdentityProblemException.BadRequest(
                "Whose events are these?", "Sign in, or send the cookie kameleoonVisitorCode that a page of this site set.");
        }

        var isNew = key is null || await ClaimAsync(client.GetVisitorCode(), key);
        if (isNew)
        {
            // Who hangs up does not see this response, but saw what the events tell.
            RequestVisitor.Of(context).HasArrived = true;
            AppEvents.Apply(events, client);
        }

        await IdentityEndpoint.WriteAsync(
            context,
            new EventsAnswer(events.Count, Replayed: !isNew),
            IdentityJson.Default.EventsAnswer,
            StatusCodes.Status202Accepted);
    }

    private static string? ReadKey(HttpRequest request)
    {
        var header = request.Headers[KeyHeader];
        if (header.Count == 0)
        {
            return null;
        }

        return header is [{ Length: > 0 and <= MaxKeyLength } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : throw IdentityProblemException.BadRequest(
                $"The header {KeyHeader} cannot be used.", $"Send one of 1 to {MaxKeyLength} visible ASCII characters.");
    }

    private void Check(IReadOnlyList<AppEvent> events)
    {
        if (events.Count is 0 or > MaxEvents)
        {
            throw IdentityProblemException.BadRequest(
                $"There are {events.Count} events.", $"Send 1 to {MaxEvents} at once.");
        }

        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (var i = 0; i < events.Count; i++)
        {
            if ((AppEvents.Check(events[i]) ?? CheckFlag(events[i])) is { } problem)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"events[{i}]"), [problem]);
            }
        }

        if (errors.Count > 0)
        {
            throw new IdentityProblemException(
                StatusCodes.Status400BadRequest, "Some events cannot be taken.", "None of them was taken.")
            {
                Errors = errors,
            };
        }
    }

    // What would throw in the middle must not: the key would be used up.
    private string? CheckFlag(AppEvent happened) =>
        options.Value.ThrowOnUnknownFeature
        && happened is { Type: "exposure", Key: { } key }
        && configuration.Current is { } dataFile
        && dataFile.FindFlag(key) is null
            ? $"The data file has no flag '{key}'."
            : null;

    // Not cancelled with the request: who hangs up while the key is written would be told that the events were taken.
    private async ValueTask<bool> ClaimAsync(string caller, string key)
    {
        using var deadline = new CancellationTokenSource(options.Value.Identity.Timeout);
        try
        {
            return await keys.TryAddAsync(caller, key, deadline.Token).AsTask().WaitAsync(deadline.Token);
        }
#pragma warning disable CA1031 // Whatever a store throws: an event that may count twice is better than one that is lost.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (Interlocked.Exchange(ref _failureLogged, 1) == 0)
            {
                logger.KeysUnavailable(e);
            }

            return true;
        }
    }
}
