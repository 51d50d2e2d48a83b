using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The browser of a visitor.</summary>
/// <param name="Type">The family.</param>
/// <param name="Version">Major and minor version as one number such as 120.5, or null when unknown.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VisitorBrowser(BrowserType Type, float? Version = null);
