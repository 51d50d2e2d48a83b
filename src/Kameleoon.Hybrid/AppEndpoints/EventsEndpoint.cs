using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Accepts the events that applications send of their visitor: all events of a request, or none.</summary>
internal sealed class EventsEndpoint(
    IdentityCallers callers,
    IdempotencyGuard keys,
    OutboxKeeper outbox,
    TrackingSender sender,
    ConfigurationStore configuration,
    IOptions<KameleoonOptions> options)
{
    internal const string KeyHeader = "Idempotency-Key";

    private const int MaxEvents = 100;
    private const int MaxKeyLength = 100;

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

        var caller = client.GetVisitorCode();
        var claim = key is null ? IdempotencyClaim.New : await keys.ClaimAsync(caller, key, HashOf(events));
        switch (claim)
        {
            case IdempotencyClaim.Other:
                throw new IdentityProblemException(
                    StatusCodes.Status422UnprocessableEntity,
                    "The key was used for other events.",
                    $"None of them was taken. Send each request with an {KeyHeader} of its own, and again with the same events only.");
            case IdempotencyClaim.Pending:
                throw new IdentityProblemException(
                    StatusCodes.Status503ServiceUnavailable,
                    "The same request is being taken.",
                    "It may have been broken off. Send it again later, with the same key.");
            case IdempotencyClaim.New:
                await TakeAsync(context, events, client, caller, key);
                break;
        }

        await IdentityEndpoint.WriteAsync(
            context,
            new EventsAnswer(events.Count, Replayed: claim == IdempotencyClaim.Repeated),
            IdentityJson.Default.EventsAnswer,
            StatusCodes.Status202Accepted);
    }

    // Confirmed last, so that events of a server that ends before are sent again.
    private async Task TakeAsync(
        HttpContext context, IReadOnlyList<AppEvent> events, IKameleoonClient client, string caller, string? key)
    {
        // A caller that closes the connection does not see this response, but saw the exposures that it reports.
        RequestVisitor.Of(context).Request.ResponseDelivered = true;
        IdempotencyKey? claimed = key is null ? null : new IdempotencyKey(caller, key);
        var isConfirmed = false;
        try
        {
            var lost = sender.LostCount;
            Apply(events, client, claimed);
            if (outbox.IsThere)
            {
                isConfirmed = await StoreAsync(client, claimed, lost);
            }
        }
        catch when (key is not null)
        {
            await keys.ReleaseAsync(caller, key);
            throw;
        }

        if (key is not null && !isConfirmed)
        {
            await keys.ConfirmAsync(caller, key);
        }
    }

    private void Apply(IReadOnlyList<AppEvent> events, IKameleoonClient client, IdempotencyKey? claimed)
    {
        var own = client as KameleoonClient;
        var nonces = claimed is { } key ? new RequestNonces(key) : null;
        own?.Number(nonces);
        AppEvents.Apply(events, client, nonces, flushes: !outbox.IsThere);
        own?.ReportExposures();
    }

    /// <returns>Whether the outbox confirmed the key.</returns>
    /// <exception cref="IdentityProblemException">The events are not stored.</exception>
    private async Task<bool> StoreAsync(IKameleoonClient client, IdempotencyKey? key, long lost)
    {
        using var deadline = new CancellationTokenSource(options.Value.Identity.Timeout);
        try
        {
            var flushed = client is KameleoonClient own
                ? await own.FlushAsync(key, deadline.Token)
                : new FlushResult(await client.FlushAsync(deadline.Token), ConfirmsKeys: false);
            if (flushed.IsSafe && sender.LostCount == lost)
            {
                return flushed.ConfirmsKeys;
            }
        }
        catch (OperationCanceledException)
        {
            // The outbox did not answer in time.
        }

        throw new IdentityProblemException(
            StatusCodes.Status503ServiceUnavailable,
            "The events are not stored.",
            $"Send the request again later. With the same {KeyHeader}, events that arrived nevertheless are counted once.");
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

        var dataFile = configuration.DataFile;
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
}
