using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reads the simulated variations from the platform's simulation cookie, if simulation is allowed.</summary>
internal sealed class SimulationCookie(
    IOptions<KameleoonOptions> options,
    ILogger<SimulationCookie> logger,
    IHostEnvironment? environment = null)
{
    internal const string Name = "kameleoonSimulationFFData";

    private const int MaxLength = 4096;

    /// <summary>Whether a browser may choose variations here.</summary>
    internal bool IsAllowed { get; } = options.Value.Simulation switch
    {
        SimulationPolicy.On => true,
        SimulationPolicy.DevelopmentOnly => environment?.IsDevelopment() ?? false,
        _ => false,
    };

    internal Simulation? Read(HttpRequest request, DataFile dataFile)
    {
        if (!IsAllowed
            || CookieHeader.First(request.Headers.Cookie, Name, static _ => true, out _) is not { Length: > 0 } cookie)
        {
            return null;
        }

        if (cookie.Length > MaxLength)
        {
            logger.SimulationRefused($"The cookie has more than {MaxLength} characters.");
            return null;
        }

        var simulation = dataFile.ReadSimulation(Uri.UnescapeDataString(cookie));
        foreach (var problem in simulation.Problems)
        {
            logger.SimulationRefused(problem);
        }

        return simulation.Count > 0 ? simulation : null;
    }
}
