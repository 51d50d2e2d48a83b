using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides which elements the engine tag of a page renders.</summary>
internal sealed class EngineTag(
    IOptions<KameleoonOptions> options,
    Nonces nonces,
    TagMistakes mistakes,
    IHostEnvironment? environment = null)
{
    // A longer timeout, set by mistake, would hide the page for too long.
    internal static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(3);

    private readonly KameleoonEngineOptions _settings = options.Value.Engine;
    private readonly bool _allowsHttp = environment?.IsDevelopment() ?? false;
    private readonly string _address = PlatformEndpoints.Engine(options.Value);

    /// <returns>The elements in their order, or null for none.</returns>
    internal IHtmlContent? Create(HttpContext context, EngineTagAttributes tag)
    {
        var visitor = context.Features.Find<RequestVisitor>();
        var mode = tag.Mode ?? _settings.Mode;
        if (mode != EngineMode.None && visitor?.Page.ClaimEngine(tag.Component ?? tag, canChange: tag.Component is not null) == false)
        {
            mistakes.Report(context, "The page has two <kameleoon-engine /> tags. Two engines would count everything "
                + "twice, so the second renders nothing. Remove one of them, or give it mode=\"None\".");
            return null;
        }

        var code = visitor?.FindImposedCode();
        if (code is not null)
        {
            mistakes.RefuseCache(context, "kameleoon-engine");
        }
        else if (mode == EngineMode.None && !tag.Preload)
        {
            return null;
        }

        return new EngineElements
        {
            Mode = mode,
            Address = FindAddress(context, tag.Src),
            Nonce = nonces.Find(context, tag.Nonce),
            ImposedCode = code,
            Preload = tag.Preload,
            Priority = tag.Priority ?? (mode is EngineMode.Async or EngineMode.None ? FetchPriority.Auto : FetchPriority.High),
            Timeout = FindTimeout(context, tag.Timeout),
            Overlay = tag.Overlay ?? _settings.Overlay,
            Frame = FindFrame(context, tag.Unify),
        };
    }

    private static string Resolve(HttpContext context, string address) =>
        address is ['/', not '/', ..] ? context.Request.PathBase + address : address;

    private string FindAddress(HttpContext context, string? src)
    {
        if (string.IsNullOrEmpty(src))
        {
            return Resolve(context, _address);
        }

        if (IsAcceptable(src))
        {
            return Resolve(context, src);
        }

        mistakes.Report(context, $"<kameleoon-engine src=\"{src}\"> would load a script over a connection that others can change. "
            + "Write an https address or a path of this application; for //host addresses, set "
            + "Kameleoon:Engine:AllowProtocolRelative.");
        return Resolve(context, _address);
    }

    private bool IsAcceptable(string src) => src switch
    {
        ['/', '/', not '/', ..] => _settings.AllowProtocolRelative,
        ['/', not ('/' or '\\'), ..] => true,
        _ => Uri.TryCreate(src, UriKind.Absolute, out var address)
            && (address.Scheme is "https" || (_allowsHttp && address.Scheme is "http")),
    };

    private int FindTimeout(HttpContext context, int? wanted)
    {
        var most = (int)LongestTimeout.TotalMilliseconds;
        if (wanted is not { } timeout)
        {
            return (int)_settings.Timeout.TotalMilliseconds;
        }

        if (timeout < 0 || timeout > most)
        {
            mistakes.Report(context, $"<kameleoon-engine timeout=\"{timeout}\"> is not between 0 and {most} milliseconds.");
        }

        return Math.Clamp(timeout, 0, most);
    }

    private string? FindFrame(HttpContext context, bool? wanted)
    {
        if (wanted == true && _settings.Unify is null)
        {
            mistakes.Report(context, "<kameleoon-engine unify=\"true\"> needs the address of the frame page. Set "
                + "Kameleoon:Engine:Unify.");
        }

        return wanted == false || _settings.Unify is not { } frame ? null : Resolve(context, frame.OriginalString);
    }
}
