namespace Kameleoon.Hybrid.Settings;

/// <summary>How pages load the browser engine, where the <c>kameleoon-engine</c> tag does not say itself.</summary>
public sealed class KameleoonEngineOptions
{
    /// <summary>How the engine is loaded. Default <see cref="EngineMode.Async"/>.</summary>
    public EngineMode Mode { get; set; } = EngineMode.Async;

    /// <summary>How long <see cref="EngineMode.AsyncAntiFlicker"/> hides a page whose engine does not come. Default
    /// 750 milliseconds; 0 to 3 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How <see cref="EngineMode.AsyncAntiFlicker"/> hides a page. Default <see cref="EngineOverlay.Cover"/>.
    /// </summary>
    public EngineOverlay Overlay { get; set; } = EngineOverlay.Cover;

    /// <summary>The address of the frame page through which several hosts share one visitor's storage (unified
    /// storage), or a path of this application. Default: none, each host keeps its own.</summary>
    public Uri? Unify { get; set; }

    /// <summary>Whether every page with an engine tag tells the engine the visitor code. Needed where the engine trusts
    /// its own storage more than the cookie, as with unified storage. No such page can be cached. Default false.
    /// </summary>
    public bool AlwaysImposeVisitorCode { get; set; }

    /// <summary>Whether <c>src="//host/engine.js"</c>, as older tags have it, is accepted. Default false: on an http
    /// page the engine would come unencrypted.</summary>
    public bool AllowProtocolRelative { get; set; }
}
