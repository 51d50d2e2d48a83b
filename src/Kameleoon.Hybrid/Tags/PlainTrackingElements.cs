namespace Kameleoon.Hybrid;

/// <summary>The elements of a tracking tag whose page does not compare visitor codes.</summary>
internal sealed class PlainTrackingElements(in TrackingParts parts) : TrackingElements(parts)
{
    protected override void WriteCommands(TextWriter writer, ReadOnlySpan<ExposureEntry> entries) =>
        EngineTrackingCode.Write(writer, entries);
}
