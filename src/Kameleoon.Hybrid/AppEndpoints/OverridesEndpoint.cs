using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Lets an authorized person choose the variations that the own browser shows.</summary>
internal sealed class OverridesEndpoint(OverrideCookie cookie, ConfigurationStore configuration)
{
    /// <summary>Returns the overrides of the browser, and what can be overridden.</summary>
    internal Task GetAsync(HttpContext context) => WriteAsync(context, cookie.FindOfProject(context.Request));

    /// <summary>Changes the overrides of the browser. All changes of a request are made, or none.</summary>
    internal async Task PostAsync(HttpContext context)
    {
        RefuseOtherOrigins(context.Request);
        var changes = (await IdentityEndpoint.ReadAsync(context, IdentityJson.Default.OverridesRequest)).Overrides;
        var dataFile = configuration.DataFile ?? throw new IdentityProblemException(
            StatusCodes.Status503ServiceUnavailable, "There is no data file yet.", "The flags are not known. Send the request again later.");
        Check(changes, dataFile);

        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (flag, variation) in cookie.FindOfProject(context.Request)?.Variations ?? chosen)
        {
            if (!changes.ContainsKey(flag) && dataFile.FindFlag(flag) is not null)
            {
                chosen.Add(flag, variation);
            }
        }

        foreach (var (flag, variation) in changes)
        {
            if (variation is not null)
            {
                chosen[flag] = variation;
            }
        }

        await WriteAsync(context, chosen.Count == 0 ? Remove(context) : Write(context, chosen));
    }

    /// <summary>Ends all overrides of the browser.</summary>
    internal Task DeleteAsync(HttpContext context)
    {
        RefuseOtherOrigins(context.Request);
        return WriteAsync(context, Remove(context));
    }

    // A browser names the page that sends the request. What is no browser names none and has no cookies of a person.
    private static void RefuseOtherOrigins(HttpRequest request)
    {
        if (!RequestOrigin.IsThisHost(request)
            && (request.Headers["Sec-Fetch-Site"].Count > 0 || request.Headers.Origin.Count > 0 || request.Headers.Referer.Count > 0))
        {
            throw new IdentityProblemException(
                StatusCodes.Status403Forbidden, "Another origin asks.", "Only pages of this host may change overrides.");
        }
    }

    private static void Check(IReadOnlyDictionary<string, string?> changes, DataFile dataFile)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (key, variation) in changes)
        {
            if (FindProblem(key, variation, dataFile) is { } problem)
            {
                errors[$"overrides.{key}"] = [problem];
            }
        }

        if (errors.Count > 0)
        {
            throw new IdentityProblemException(
                StatusCodes.Status400BadRequest,
                "The data file does not have all flags and variations.",
                string.Join(' ', errors.Values.Select(static problem => problem[0])))
            {
                Errors = errors,
            };
        }
    }

    private static string? FindProblem(string key, string? variation, DataFile dataFile)
    {
        if (variation is null)
        {
            return null;
        }

        if (dataFile.FindFlag(key) is not { } flag)
        {
            var near = NearMatches.Of(key, dataFile.Flags.Select(static known => known.Key));
            return $"There is no flag '{key}'." + (near.Length > 0 ? $" Is it {string.Join(" or ", near)}?" : "");
        }

        var variations = OverridableVariations.Of(flag);
        return variations.Contains(variation, StringComparer.Ordinal)
            ? null
            : $"Flag '{key}' has no variation '{variation}'. It has {string.Join(", ", variations)}.";
    }

    private OverrideTicket Write(HttpContext context, Dictionary<string, string> chosen) =>
        cookie.Write(context, chosen) ?? throw IdentityProblemException.BadRequest(
            "There are too many overrides.", $"A cookie cannot carry {chosen.Count} overrides. Clear some first.");

    private OverrideTicket? Remove(HttpContext context)
    {
        cookie.Remove(context);
        return null;
    }

    private Task WriteAsync(HttpContext context, OverrideTicket? ticket) => IdentityEndpoint.WriteAsync(
        context,
        new OverridesAnswer(
            ticket?.Expires,
            ticket?.Variations ?? new Dictionary<string, string>(StringComparer.Ordinal),
            [
                .. configuration.DataFile?.Flags.Select(static flag => new OverridableFlag(flag.Key, OverridableVariations.Of(flag)))
                    ?? [],
            ]),
        IdentityJson.Default.OverridesAnswer);
}
