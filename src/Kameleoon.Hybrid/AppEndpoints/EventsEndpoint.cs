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

    // The visitor answers when the application asks. Until then a request that is sent again changes nothing.
    private const string WaitingSeconds = "60";

    internal async Task PostAsync(HttpContext context)
    {
        var key = ReadKey(context.Request);
        var events = (await IdentityEndpoint.ReadAsync(context, IdentityJson.Default.EventsRequest)).Events;
        Check(events);
        var brought = IdentityCallers.CodeOfBrowser(context);
        var client = await callers.GetClientAsync(context);
        if (RequestVisitor.Of(context).Source == VisitorCodeSource.Generated)
        {
            throw IdentityProblemException.BadRequest(
                "Whose events are these?", "Sign in, or send the cookie kameleoonVisitorCode that a page of this site set.");
        }

        var (claimed, claim) = key is null
            ? (null, IdempotencyClaim.New)
            : await ClaimAsync(context, client.GetVisitorCode(), brought, key, HashOf(events));
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
                await TakeAsync(context, events, client, claimed);
                break;
        }

        await IdentityEndpoint.WriteAsync(
            context,
            new EventsAnswer(events.Count, Replayed: claim == IdempotencyClaim.Repeated),
            IdentityJson.Default.EventsAnswer,
            StatusCodes.Status202Accepted);
    }

    // A sign-in between two tries changes the caller's code. The key, and the nonces that follow from it, stay those of the
    // first try.
    private async Task<(ClaimedKey? Claimed, IdempotencyClaim Claim)> ClaimAsync(
        HttpContext context, string caller, string? brought, string key, string content)
    {
        var formerCodes = await callers.FindFormerCodesAsync(context, brought, caller);
        var first = formerCodes.Count == 0 ? null : await keys.FindCallerAsync(formerCodes, key, content);
        return await keys.ClaimAsync(first ?? caller, key, content);
    }

    // Confirmed last, so that events of a server that ends before are sent again.
    private async Task TakeAsync(
        HttpContext context, IReadOnlyList<AppEvent> events, IKameleoonClient client, ClaimedKey? claimed)
    {
        // A caller that closes the connection does not see this response, but saw the exposures that it reports.
        RequestVisitor.Of(context).Request.ResponseDelivered = true;
        var isConfirmed = false;
        try
        {
            var lost = sender.LostCount;
            var mayWait = client is KameleoonClient { Consent: Consent.Unknown }
                && events.Any(static happened => happened is not { Type: "conversion" });
            Apply(events, client, claimed);
            if (outbox.IsThere)
            {
                isConfirmed = await StoreAsync(client, claimed, mayWait, lost);
            }
        }
        catch when (claimed is not null)
        {
            await keys.ReleaseAsync(claimed);
            throw;
        }

        if (claimed is not null && !isConfirmed)
        {
            await keys.ConfirmAsync(claimed);
        }
    }

    private void Apply(IReadOnlyList<AppEvent> events, IKameleoonClient client, ClaimedKey? claimed)
    {
        var own = client as KameleoonClient;
        var nonces = claimed is { Key: var key } ? new RequestNonces(key.Caller, key.Key) : null;
        own?.Number(nonces);
        AppEvents.Apply(events, client, nonces, flushes: !outbox.IsThere);
        own?.ReportExposures();
    }

    /// <returns>Whether the outbox confirmed the key.</returns>
    /// <exception cref="IdentityProblemException">The events are not stored.</exception>
    private async Task<bool> StoreAsync(IKameleoonClient client, ClaimedKey? claimed, bool mayWait, long lost)
    {
        using var deadline = new CancellationTokenSource(options.Value.Identity.Timeout);
        try
        {
            var flushing = client is KameleoonClient own
                ? own.FlushAsync(mayWait ? null : claimed?.Key, deadline.Token)
                : FlushAsync(client, deadline.Token);

            // What waited when the flush began is not stored with it. An answer that came meanwhile may have come too late.
            var waits = mayWait && client is KameleoonClient { HasHeldEvents: true } or KameleoonClient { Consent: not Consent.Unknown };
            var flushed = await flushing;
            if (flushed.IsSafe && sender.LostCount == lost)
            {
                return waits ? throw Waiting() : flushed.ConfirmsKeys;
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

    private static async Task<FlushResult> FlushAsync(IKameleoonClient client, CancellationToken cancellation) =>
        new(await client.FlushAsync(cancellation), ConfirmsKeys: false);

    private static IdentityProblemException Waiting() => new(
        StatusCodes.Status503ServiceUnavailable,
        "The events wait for the visitor's consent.",
        "They are in memory and not stored. Keep them, and send the request again once the visitor has answered, with the "
        + $"same {KeyHeader}; events that arrived nevertheless are counted once. Conversions need no consent and are stored.")
    {
        RetryAfter = WaitingSeconds,
    };

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
