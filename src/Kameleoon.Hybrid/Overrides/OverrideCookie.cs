using System.Text.Json;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reads and writes the signed cookie with the variations that one browser shows.</summary>
/// <remarks>Data Protection encrypts and signs the value together with the time at which it expires, so only this application
/// can issue it. The cookie is ignored until an endpoint that issues it is mapped. Scripts cannot read it.</remarks>
internal sealed class OverrideCookie(IOptions<KameleoonOptions> options, ILogger<OverrideCookie> logger)
{
    internal const string Name = "kameleoonOverrides";

    /// <summary>The purpose of the Data Protection keys. A new format of the ticket needs a new purpose.</summary>
    internal const string Purpose = "Kameleoon.Hybrid.Overrides.v1";

    // Browsers reject a cookie of more than 4,096 characters, including its name and attributes.
    private const int MaxLength = 3800;

    private readonly LogOnce _refused = new();
    private ITimeLimitedDataProtector? _protector;

    /// <summary>Whether an endpoint that issues overrides is mapped.</summary>
    internal bool IsEnabled => Volatile.Read(ref _protector) is not null;

    /// <summary>Whether the browser sent the cookie.</summary>
    internal static bool IsIn(HttpRequest request) => CookieHeader.Any(request.Headers.Cookie, Name, 0, static (_, _) => true);

    /// <summary>Makes the cookie take effect. Called when the endpoint that issues it is mapped.</summary>
    internal void Enable(IDataProtectionProvider protection) =>
        Volatile.Write(ref _protector, protection.CreateProtector(Purpose).ToTimeLimitedDataProtector());

    /// <summary>Returns the variations that the browser shows, or null if it sent no valid cookie for this project.</summary>
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

    /// <summary>Returns the override that the browser sent, or null if it is not valid or of another project.</summary>
    internal OverrideTicket? FindOfProject(HttpRequest request) => Find(request) is { } ticket && IsOfProject(ticket) ? ticket : null;

    /// <summary>Writes the cookie, so that the browser shows these variations for the lifetime in the settings.</summary>
    /// <returns>The override that was written, or null if it is too long for a cookie.</returns>
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
#pragma warning disable CA1031 // Keys that cannot be loaded, or a forged cookie, must not break the page.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // The application may have several projects. The cookie of another one is ignored here, and is not removed.
    private bool IsOfProject(OverrideTicket ticket) =>
        string.Equals(ticket.SiteCode, options.Value.SiteCode, StringComparison.Ordinal);

    private void Append(HttpContext context, string value, DateTimeOffset expires) => context.Response.Cookies.Append(
        Name,
        value,
        new CookieOptions
        {
            Expires = expires,
            HttpOnly = true,
            IsEssential = true, // Only a tester who asks for it gets the cookie.
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = options.Value.Cookie.Secure ?? context.Request.IsHttps,
        });
}
