namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The library's project in the application around the sandbox: the engine gets the same site code and environment.
/// A sandbox that is alone has none.</summary>
internal sealed class ConnectedProject
{
    private Func<(string SiteCode, string? Environment)> _read = static () => ("", null);

    /// <summary>Its site code; empty without a project.</summary>
    internal string SiteCode => _read().SiteCode;

    /// <summary>Its environment; null for the one that is served by default.</summary>
    internal string? Environment => _read().Environment;

    /// <summary>Reads the project from here on, at each use, because its settings are validated after the routes are
    /// mapped.</summary>
    internal void Connect(Func<(string SiteCode, string? Environment)> read) => _read = read;
}
