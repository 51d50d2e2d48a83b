namespace Kameleoon.Hybrid.Settings;

/// <summary>How pages load the browser engine, unless the <c>kameleoon-engine</c> tag has its own attribute.</summary>
public sealed class KameleoonEngineOptions
{
    /// <summary>How the engine is loaded. Default <see cref="EngineMode.Async"/>.</summary>
    public EngineMode Mode { get; set; } = EngineMode.Async;

    /// <summary>How long <see cref="EngineMode.AsyncAntiFlicker"/> hides a page whose engine does not arrive. Default
    /// 750 milliseconds; 0 to 3 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How <see cref="EngineMode.AsyncAntiFlicker"/> hides a page. Default <see cref="EngineOverlay.Cover"/>.
    /// </summary>
    public EngineOverlay Overlay { get; set; } = EngineOverlay.Cover;

    /// <summary>The address of the frame page through which several hosts share one visitor's storage (unified
    /// storage), or a path of this application. Default: none, so each host has its own storage.</summary>
    public Uri? Unify { get; set; }

    /// <summary>Whether every page with an engine tag passes the visitor code to the engine. Required where the
    /// engine's own storage takes precedence over the cookie, as with unified storage. Such pages cannot be cached.
    /// Default false.</summary>
    public bool AlwaysImposeVisitorCode { get; set; }

    /// <summary>Whether <c>src="//host/engine.js"</c>, as in older tags, is accepted. Default false, because an http
    /// page would load the engine unencrypted.</summary>
    public bool AllowProtocolRelative { get; set; }
}
