namespace Kameleoon.Hybrid.Settings;

/// <summary>When a variation whose responses fail or are slow is withheld from new visitors.</summary>
public sealed class KameleoonGuardOptions
{
    /// <summary>Whether variations are guarded. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>How long new visitors get the default variation before a few of them try the variation again. It doubles each time
    /// the variation is still worse, up to <see cref="MaxBreakFor"/>. Default 5 minutes; 10 seconds to 1 day.</summary>
    public TimeSpan BreakFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest such time. Default 2 hours; <see cref="BreakFor"/> to 7 days.</summary>
    public TimeSpan MaxBreakFor { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The share of the variation's new visitors who try it again. Default 0.05; 0.001 to 0.5.</summary>
    public double ProbeShare { get; set; } = 0.05;

    /// <summary>How many visitors have to try the variation again before new visitors get it again. Default 50; 10 to 10,000.
    /// </summary>
    public int ProbeVisitors { get; set; } = 50;

    /// <summary>How much larger the share of failed responses must be than that of the control variation. Default 0.01, one
    /// percentage point; 0.001 to 1.</summary>
    public double ErrorIncrease { get; set; } = 0.01;

    /// <summary>How much larger the share of slow responses must be than that of the control variation. Default 0.1, ten
    /// percentage points; 0.01 to 1.</summary>
    public double SlowIncrease { get; set; } = 0.1;

    /// <summary>A response is slow if it takes this much longer than 95 % of the control variation's responses. Default
    /// 100 milliseconds; 1 millisecond to 1 minute.</summary>
    public TimeSpan SlowBy { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether visitors who were exposed to the variation before get the default variation, too, and not only new
    /// visitors. Default false: what a visitor has seen stays.</summary>
    public bool WithholdFromExposed { get; set; }
}
