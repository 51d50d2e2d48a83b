using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Kameleoon.Hybrid.Decisions;
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
        if (RequestVisitor.Of(context).Source == VisitorCodeSource.Generated)
        {
            throw IdentityProblemException.BadRequest(
                "Whose events are these?", "Sign in, or send the cookie kameleoonVisitorCode that a page of this site set.");
        }

        var claim = key is null ? IdempotencyClaim.New : await ClaimAsync(client.GetVisitorCode(), key, HashOf(events));
        if (claim == IdempotencyClaim.Other)
        {
            throw new IdentityProblemException(
                StatusCodes.Status422UnprocessableEntity,
                "The key was used for other events.",
                $"None of them was taken. Send each request with an {KeyHeader} of its own, and again with the same events only.");
        }

        if (claim == IdempotencyClaim.New)
        {
            // Who hangs up does not see this response, but saw what the events tell.
            RequestVisitor.Of(context).HasArrived = true;
            AppEvents.Apply(events, client);
        }

        await IdentityEndpoint.WriteAsync(
            context,
            new EventsAnswer(events.Count, Replayed: claim == IdempotencyClaim.Repeated),
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

        var dataFile = configuration.Current;
        if (dataFile is null && events.Any(static happened => happened is { Type: "customData" or "exposure" }))
        {
            throw new IdentityProblemException(
                StatusCodes.Status503ServiceUnavailable,
                "There is no data file yet.",
                "Custom data and exposures mean nothing without one. Nothing was taken; send the request again later.");
        }

        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (var i = 0; i < events.Count; i++)
        {
            if ((AppEvents.Check(events[i]) ?? Check(events[i], dataFile)) is { } problem)
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

    private string? Check(AppEvent happened, DataFile? dataFile) =>
        dataFile is null ? null
        : options.Value.ThrowOnUnknownFeature
            && happened is { Type: "exposure", Key: { } key }
            && dataFile.FindFlag(key) is null
            ? $"The data file has no flag '{key}'."
        : AppEvents.Check(happened, dataFile);

    // Of what was understood: blanks and the order of members make no other events.
    private static string HashOf(IReadOnlyList<AppEvent> events) => Base64Url.EncodeToString(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(new EventsRequest(events), IdentityJson.Default.EventsRequest)));

    // Not cancelled with the request: who hangs up while the key is written would be told that the events were taken.
    private async ValueTask<IdempotencyClaim> ClaimAsync(string caller, string key, string content)
    {
        using var deadline = new CancellationTokenSource(options.Value.Identity.Timeout);
        try
        {
            return await keys.ClaimAsync(caller, key, content, deadline.Token).AsTask().WaitAsync(deadline.Token);
        }
#pragma warning disable CA1031 // Whatever a store throws: an event that may count twice is better than one that is lost.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (Interlocked.Exchange(ref _failureLogged, 1) == 0)
            {
                logger.KeysUnavailable(e);
            }

            return IdempotencyClaim.New;
        }
    }
}
