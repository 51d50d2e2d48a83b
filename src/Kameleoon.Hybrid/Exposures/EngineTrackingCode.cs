using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Writes exposures as commands for the browser engine, byte for byte as the official SDKs do.</summary>
internal static class EngineTrackingCode
{
    internal const string QueueInitialiser = "window.kameleoonQueue=window.kameleoonQueue||[];";

    /// <remarks>Only integers and fixed text: nothing a browser could take for markup.</remarks>
    internal static string Write(IEnumerable<Exposure> exposures)
    {
        var code = new StringBuilder(QueueInitialiser);
        foreach (var exposure in exposures)
        {
            code.Append(
                CultureInfo.InvariantCulture,
                $"window.kameleoonQueue.push(['Experiments.assignVariation',{exposure.ExperimentId},{exposure.VariationId},true]);");
            code.Append(
                CultureInfo.InvariantCulture,
                $"window.kameleoonQueue.push(['Experiments.trigger',{exposure.ExperimentId},{(exposure.RunsInBrowser ? "false" : "true")}]);");
        }

        return code.ToString();
    }
}
