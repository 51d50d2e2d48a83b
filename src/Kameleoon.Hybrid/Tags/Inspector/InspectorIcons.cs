namespace Kameleoon.Hybrid;

/// <summary>The pictures on the buttons of the inspector. Each button has a label for screen readers.</summary>
internal static class InspectorIcons
{
    internal const string Close = Start + "M4 4l8 8M12 4l-8 8" + End;
    internal const string Move = Start + "M8 2v12M2 8h12M6 4l2-2 2 2M6 12l2 2 2-2M4 6L2 8l2 2M12 6l2 2-2 2" + End;
    internal const string Reset = Start + "M3 8a5 5 0 1 1 1.5 3.5M3 8L1.5 6.3M3 8l1.9-1.6" + End;
    internal const string Why = Start + "M8 7v5M8 4v.01M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13" + End;

    private const string Start = "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"";
    private const string End = "\"/></svg>";
}
