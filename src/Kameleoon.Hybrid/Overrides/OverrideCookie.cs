using System.Text.Json;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reads and writes the cookie with the variations that one browser shows, which only this application can sign.
/// </summary>
/// <remarks>Encrypted and signed by Data Protection, with the end inside of what is signed. The cookie is ignored until an
/// endpoint that issues it is mapped. Scripts cannot read it.</remarks>
internal sealed class OverrideCookie(IOptions<KameleoonOptions> options, ILogger<OverrideCookie> logger)
{
    internal const string Name = "kameleoonOverrides";

    /// <summary>The purpose of the keys. Another version of the ticket needs another purpose.</summary>
    internal const string Purpose = "Kameleoon.Hybrid.Overrides.v1";

    // Browsers keep 4,096 characters of a cookie, its name and attributes included.
    private const int MaxLength = 3800;

    private readonly LogOnce _refused = new();
    private ITimeLimitedDataProtector? _protector;

    /// <summary>Whether an endpoint issues overrides.</summary>
    internal bool IsEnabled => Volatile.Read(ref _protector) is not null;

    /// <summary>Whether the browser sent the cookie.</summary>
    internal static bool IsIn(HttpRequest request) => CookieHeader.Any(request.Headers.Cookie, Name, 0, static (_, _) => true);

    /// <summary>Lets the cookie take effect.</summary>
    internal void Enable(IDataProtectionProvider protection) =>
        Volatile.Write(ref _protector, protection.CreateProtector(Purpose).ToTimeLimitedDataProtector());

    /// <summary>Returns the variations that the browser shows, or null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="isRefused">Whether the browser sent a cookie that is not valid.</param>
    internal Simulation? Read(HttpRequest request, DataFile dataFile, out bool isRefused)
    {
        isRefused = false;
        if (!IsEnabled || !IsIn(request))
        {
            return null;
        }

        if (Find(request) is not { } ticket)
        {
            isRefused = true;
            if (_refused.IsFirst())
            {
                logger.OverrideRefused();
            }

            return null;
        }

        if (!IsOfProject(ticket))
        {
            return null;
        }

        var simulation = dataFile.Simulate(ticket.Variations);
        foreach (var problem in simulation.Problems)
        {
            logger.SimulationRefused(problem);
        }

        return simulation.Count > 0 ? simulation : null;
    }

    /// <summary>Returns the valid override of the project that the browser sent, or null.</summary>
    internal OverrideTicket? FindOfProject(HttpRequest request) => Find(request) is { } ticket && IsOfProject(ticket) ? ticket : null;

    /// <summary>Lets the browser show variations for the lifetime in the settings.</summary>
    /// <returns>What was written, or null where a cookie cannot carry that many.</returns>
    internal OverrideTicket? Write(HttpContext context, IReadOnlyDictionary<string, string> variations)
    {
        var protector = _protector ?? throw new InvalidOperationException("No endpoint issues overrides.");
        var ticket = new OverrideTicket(options.Value.SiteCode, variations);
        var value = protector.Protect(
            JsonSerializer.Serialize(ticket, OverrideJson.Default.OverrideTicket), options.Value.Overrides.Lifetime);
        if (value.Length > MaxLength)
        {
            return null;
        }

        protector.Unprotect(value, out var expires);
        Append(context, value, expires);
        return ticket with { Expires = expires };
    }

    /// <summary>Removes the cookie from the browser.</summary>
    internal void Remove(HttpContext context) => Append(context, "", DateTimeOffset.UnixEpoch);

    private OverrideTicket? Find(HttpRequest request)
    {
        if (_protector is not { } protector
            || CookieHeader.First(request.Headers.Cookie, Name, static _ => true, out _) is not { Length: > 0 and <= MaxLength } value)
        {
            return null;
        }

        try
        {
            var json = protector.Unprotect(value, out var expires);
            return JsonSerializer.Deserialize(json, OverrideJson.Default.OverrideTicket) is { } ticket
                ? ticket with { Expires = expires }
                : null;
        }
#pragma warning disable CA1031 // Keys that cannot be loaded, or a cookie that somebody made up, must not break the page.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // The cookie of another project of the application stays.
    private bool IsOfProject(OverrideTicket ticket) =>
        string.Equals(ticket.SiteCode, options.Value.SiteCode, StringComparison.Ordinal);

    private void Append(HttpContext context, string value, DateTimeOffset expires) => context.Response.Cookies.Append(
        Name,
        value,
        new CookieOptions
        {
            Expires = expires,
            HttpOnly = true,
            IsEssential = true, // set for a person who asked for it, who tests
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = options.Value.Cookie.Secure ?? context.Request.IsHttps,
        });
}
