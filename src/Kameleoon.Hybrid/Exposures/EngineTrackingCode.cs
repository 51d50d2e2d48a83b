using System.Globalization;
using System.Runtime.CompilerServices;

namespace Kameleoon.Hybrid;

/// <summary>Writes exposures as commands for the browser engine, byte for byte as the official SDKs do.</summary>
internal static class EngineTrackingCode
{
    internal const string QueueInitialiser = "window.kameleoonQueue=window.kameleoonQueue||[];";

    /// <remarks>Only integers and fixed text: nothing a browser could take for markup.</remarks>
    internal static string Write(IEnumerable<Exposure> exposures)
    {
        // On the stack, a page's usual handful costs no memory but the text itself.
        var code = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[1024]);
        code.AppendLiteral(QueueInitialiser);
        foreach (var exposure in exposures)
        {
            code.AppendLiteral("window.kameleoonQueue.push(['Experiments.assignVariation',");
            code.AppendFormatted(exposure.ExperimentId);
            code.AppendLiteral(",");
            code.AppendFormatted(exposure.VariationId);
            code.AppendLiteral(",true]);window.kameleoonQueue.push(['Experiments.trigger',");
            code.AppendFormatted(exposure.ExperimentId);
            code.AppendLiteral(exposure.RunsInBrowser ? ",false]);" : ",true]);");
        }

        return code.ToStringAndClear();
    }
}
