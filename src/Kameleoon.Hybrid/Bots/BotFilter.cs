using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides whether a request comes from a bot: by the settings first, then by the detector.</summary>
internal sealed class BotFilter(
    IBotDetector detector,
    IOptions<KameleoonOptions> options,
    ILogger<BotFilter> logger,
    IHostEnvironment? environment = null)
{
    private readonly bool _detects = options.Value.Bots.Detect ?? environment?.IsDevelopment() != true;
    private readonly string[] _include = [.. options.Value.Bots.Include];
    private readonly string[] _exclude = [.. options.Value.Bots.Exclude];
    private readonly LogOnce _failure = new();

    // Ours remembers what it said of a user agent.
    private readonly bool _isCustom = detector is not UserAgentBotDetector;

    /// <summary>Returns whether a request comes from a bot.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isEarly">Whether it may be asked again. See <see cref="EarlierAnswers"/>.</param>
    internal bool IsBot(HttpRequest request, bool isEarly = false)
    {
        if (!_detects)
        {
            return false;
        }

        if (_include.Length + _exclude.Length > 0 && RequestIntent.UserAgentOf(request) is { } agent)
        {
            if (HasAny(agent, _exclude))
            {
                return false;
            }

            if (HasAny(agent, _include))
            {
                return true;
            }
        }

        return _isCustom ? Ask(request, isEarly) : Ask(request);
    }

    private static bool HasAny(string agent, string[] parts)
    {
        foreach (var part in parts)
        {
            if (agent.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private bool Ask(HttpRequest request, bool isEarly)
    {
        if (EarlierAnswers.TryFind(request.HttpContext, detector, out var earlier))
        {
            return earlier == true;
        }

        var answer = Ask(request);
        if (isEarly)
        {
            EarlierAnswers.Add(request.HttpContext, detector, answer);
        }

        return answer;
    }

    private bool Ask(HttpRequest request)
    {
        try
        {
            return detector.IsBot(request);
        }
#pragma warning disable CA1031 // A detector is application code. Its failure must not break the page.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_failure.IsFirst())
            {
                logger.BotDetectorFailed(e);
            }

            return false;
        }
    }
}
