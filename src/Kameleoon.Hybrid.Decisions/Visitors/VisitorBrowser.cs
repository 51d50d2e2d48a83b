using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The browser of a visitor.</summary>
/// <param name="Type">The family.</param>
/// <param name="Version">Major and minor version as one number such as 120.5, or null when unknown.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VisitorBrowser(BrowserType Type, float? Version = null);

/// <summary>The browsers that segments can target.</summary>
public enum BrowserType
{
    /// <summary>Any browser not named here.</summary>
    Other,

    /// <summary>Chrome.</summary>
    Chrome,

    /// <summary>Internet Explorer.</summary>
    InternetExplorer,

    /// <summary>Firefox.</summary>
    Firefox,

    /// <summary>Safari.</summary>
    Safari,

    /// <summary>Opera.</summary>
    Opera,
}
