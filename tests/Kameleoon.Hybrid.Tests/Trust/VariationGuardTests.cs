using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The clock of the guard.</summary>
public sealed class VariationGuardTests
{
    [Fact]
    public void A_response_takes_the_same_time_however_long_the_server_has_run()
    {
        var clock = new ManualClock();
        var guard = new VariationGuard(Options.Create(new KameleoonOptions()), clock);

        for (var hour = 0; hour < 24 * 60; hour++)
        {
            var before = guard.Now;
            clock.Advance(TimeSpan.FromHours(1));

            unchecked(guard.Now - before).ShouldBeInRange(3_599_998, 3_600_002);
        }
    }
}
