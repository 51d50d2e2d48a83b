namespace Kameleoon.Hybrid;

/// <summary>The priority with which a browser fetches the engine: the attribute <c>fetchpriority</c>.</summary>
public enum FetchPriority
{
    /// <summary>The browser decides.</summary>
    Auto,

    /// <summary>Before other scripts.</summary>
    High,

    /// <summary>After other scripts.</summary>
    Low,
}
