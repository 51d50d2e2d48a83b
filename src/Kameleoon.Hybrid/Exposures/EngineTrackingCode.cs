using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>Writes exposures as commands for the browser engine, byte for byte as the official SDKs do.</summary>
internal static class EngineTrackingCode
{
    internal const string QueueInitialiser = "window.kameleoonQueue=window.kameleoonQueue||[];";

    private const int LongestNumber = 20;
    private const int MaxTexts = 1_000;

    // Most pages have one exposure, and all visitors of a variation get the same text.
    private static readonly ConcurrentDictionary<Exposure, string> Texts = new();

    internal static string Of(ReadOnlySpan<ExposureEntry> entries)
    {
        if (entries is not [var only])
        {
            return entries.IsEmpty ? QueueInitialiser : Create(entries);
        }

        if (Texts.TryGetValue(only.Exposure, out var known))
        {
            return known;
        }

        // Data files come and go. Asking for the count locks, which only new exposures do.
        if (Texts.Count >= MaxTexts)
        {
            Texts.Clear();
        }

        return Texts[only.Exposure] = Create(entries);
    }

    private static string Create(ReadOnlySpan<ExposureEntry> entries)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        writer.Write(QueueInitialiser);
        Write(writer, entries);
        return writer.ToString();
    }

    /// <remarks>Only integers and fixed text: nothing a browser could take for markup.</remarks>
    internal static void Write(TextWriter writer, ReadOnlySpan<ExposureEntry> entries)
    {
        foreach (var entry in entries)
        {
            var exposure = entry.Exposure;
            writer.Write("window.kameleoonQueue.push(['Experiments.assignVariation',");
            Write(writer, exposure.ExperimentId);
            writer.Write(',');
            Write(writer, exposure.VariationId);
            writer.Write(",true]);window.kameleoonQueue.push(['Experiments.trigger',");
            Write(writer, exposure.ExperimentId);
            writer.Write(exposure.RunsInBrowser ? ",false]);" : ",true]);");
        }
    }

    /// <summary>Writes the command that passes the visitor code to the engine before the engine chooses one.</summary>
    /// <remarks>The code may come from a browser, so it is encoded for a JavaScript text in a script element.</remarks>
    internal static void WriteVisitorCode(TextWriter writer, string visitorCode)
    {
        writer.Write("window.kameleoonQueue.push({level:\"IMMEDIATE\",command:[\"Visitor.setVisitorCode\",\"");
        writer.Write(JsonEncodedText.Encode(visitorCode).Value);
        writer.Write("\"]});");
    }

    /// <summary>Writes a number in invariant digits, without an intermediate text.</summary>
    internal static void Write(TextWriter writer, long number)
    {
        Span<char> digits = stackalloc char[LongestNumber];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        writer.Write(digits[..length]);
    }
}
