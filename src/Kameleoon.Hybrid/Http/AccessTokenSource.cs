using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Caches the access token of one project until shortly before it expires. Concurrent callers share one
/// request.</summary>
/// <remarks>When no token arrives in time, requests are sent without one until it does. After a failure the pause before the
/// next attempt grows. An outage of the token endpoint therefore neither delays events nor causes a burst of
/// requests.</remarks>
internal sealed class AccessTokenSource(
    AccessTokenClient client,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<AccessTokenSource> logger) : IDisposable
{
    // The official SDKs' figures: a token is not used in its last minute, and replaced in its last half hour.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(365);

    // How long callers wait for a request, which goes on afterwards.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    private readonly Lock _gate = new();
#pragma warning disable CA2213 // It has no handle to release, and a request that ends now still uses it.
    private readonly CancellationTokenSource _disposed = new();
#pragma warning restore CA2213
    private readonly string _siteCode = options.Value.SiteCode;

    private KeptToken? _token;
    private Task<string?>? _request;
    private long _waitUntil;
    private long _notBefore = long.MinValue;
    private bool _isLate;
    private int _failures;
    private int _refusals;

    /// <summary>Returns the token, or null when none is available now.</summary>
    internal async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(options.Value.ClientId))
        {
            return null;
        }

        Task<string?> request;
        TimeSpan patience;
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            var isGood = now < _token?.GoodUntil;
            if (_request is null && now >= _notBefore && !(isGood && now < _token?.RenewFrom))
            {
                _request = Task.Run(RequestAsync, CancellationToken.None);
                _waitUntil = clock.GetTimestamp(Patience);
            }

            if (isGood || _request is null)
            {
                return isGood ? _token?.Value : null;
            }

            (request, patience) = (_request, clock.GetElapsedTime(now, _waitUntil));
        }

        try
        {
            return await request.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            NoteLate();
            return null;
        }
    }

    public void Dispose() => _disposed.Cancel();

    /// <summary>Removes a token that was rejected. After the first rejection a new token is requested at
    /// once.</summary>
    internal void Discard(string refused)
    {
        lock (_gate)
        {
            if (!string.Equals(_token?.Value, refused, StringComparison.Ordinal))
            {
                return;
            }

            // A new token that is rejected as well shows that further tokens would be rejected too.
            _refusals = clock.GetElapsedTime(_token!.ObtainedAt) < Margin ? _refusals + 1 : 1;
            _token = null;
            if (_refusals > 1)
            {
                Pause();
            }
        }
    }

    private async Task<string?> RequestAsync()
    {
        try
        {
            var answer = await client.RequestAsync(_disposed.Token);
            metrics.TokenRequested(_siteCode, "obtained");
            return Keep(answer).Value;
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Callers wait for a token or null; every failure means null.
        catch (Exception e)
#pragma warning restore CA1031
        {
            metrics.TokenRequested(_siteCode, "failed", ErrorType.Of(e));
            Fail(e);
            return null;
        }
    }

    private KeptToken Keep(AccessToken answer)
    {
        var life = TimeSpan.FromSeconds(Math.Clamp(answer.ExpiresIn, 0, LongestLife.TotalSeconds));
        var good = life > 2 * Margin ? life - Margin : life / 2;
        var renew = life - Ahead > good * 0.75 ? life - Ahead : good * 0.75;
        var token = new KeptToken(answer.Value, clock.GetTimestamp(), clock.GetTimestamp(renew), clock.GetTimestamp(good));
        bool hasRecovered;
        lock (_gate)
        {
            hasRecovered = _isLate || (_failures > 0 && _refusals <= 1);
            _failures = _refusals <= 1 ? 0 : _failures;
            (_token, _request, _isLate) = (token, null, false);
        }

        if (hasRecovered)
        {
            logger.AccessTokenRecovered();
        }

        return token;
    }

    private void Fail(Exception e)
    {
        bool isNews;
        lock (_gate)
        {
            isNews = _failures == 0 && !_isLate;
            Pause();
            _request = null;
        }

        if (isNews)
        {
            logger.AccessTokenFailed(ErrorText.Of(e));
        }
    }

    private void NoteLate()
    {
        bool isNews;
        lock (_gate)
        {
            isNews = _failures == 0 && !_isLate && _request is not null;
            _isLate |= isNews;
        }

        if (isNews)
        {
            logger.AccessTokenFailed($"The platform did not answer within {Patience:c}.");
        }
    }

    private void Pause() =>
        _notBefore = clock.GetTimestamp(Pauses[Math.Min(_failures++, Pauses.Length - 1)]);

    // In timestamps, because wall clocks are set.
    private sealed record KeptToken(string Value, long ObtainedAt, long RenewFrom, long GoodUntil);
}
