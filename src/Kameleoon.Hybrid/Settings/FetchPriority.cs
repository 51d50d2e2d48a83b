namespace Kameleoon.Hybrid;

/// <summary>How urgently a browser fetches the engine: the attribute <c>fetchpriority</c>.</summary>
public enum FetchPriority
{
    /// <summary>The browser decides.</summary>
    Auto,

    /// <summary>Before other scripts.</summary>
    High,

    /// <summary>After other scripts.</summary>
    Low,
}
