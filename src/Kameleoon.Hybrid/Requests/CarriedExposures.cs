using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the exposures of redirects with their visitors until the next page takes them, and reports those that no
/// page took in time.</summary>
/// <remarks>All wait equally long, so a queue holds them in the order in which they are due. One timer waits for the first.
/// The end of the visitor's session and the stop of the application report them earlier.</remarks>
internal sealed class CarriedExposures : IDisposable
{
    /// <summary>Why an exposure of a redirect that was fetched ahead is dropped: no page took it.</summary>
    internal static readonly string ReasonAhead = ExposureStates.ReasonOf(ExposureState.Unseen);

    private const int MaxWaiting = 100_000;

    private readonly ConcurrentQueue<CarriedExposure> _queue = new();
    private readonly VisitorStore _visitors;
    private readonly ConsentGate _consent;
    private readonly ExposurePolicy _policy;
    private readonly ConfigurationStore _configuration;
    private readonly TrackingLosses _losses;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _carryFor;
    private readonly bool _isShared;
    private readonly ITimer _timer;
    private bool _isArmed;

    public CarriedExposures(
        VisitorStore visitors,
        ConsentGate consent,
        ExposurePolicy policy,
        ConfigurationStore configuration,
        TrackingLosses losses,
        TimeProvider clock,
        SharedSessionAccess servers,
        IOptions<KameleoonOptions> options)
    {
        (_visitors, _consent, _policy) = (visitors, consent, policy);
        (_configuration, _losses, _clock) = (configuration, losses, clock);
        _isShared = servers.IsOn;
        _carryFor = options.Value.Tracking.CarryFor;
        _timer = clock.CreateTimer(
            static state => ((CarriedExposures)state!).ReportDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Whether exposures wait for the visitor's next page. Cheap while nothing waits for any visitor.</summary>
    internal bool IsWaiting(string visitorCode) =>
        (_isShared || !_queue.IsEmpty) && _visitors.KnownOf(visitorCode)?.Carried.IsEmpty == false;

    /// <summary>Keeps an exposure for the visitor's next page.</summary>
    /// <param name="origin">The visitor.</param>
    /// <param name="exposure">The exposure.</param>
    /// <param name="isAhead">Whether the redirect was fetched ahead, so that the next page is, too.</param>
    /// <returns>False if there is no room, so that the caller reports it.</returns>
    internal bool TryCarry(in EventOrigin origin, in Exposure exposure, bool isAhead = false)
    {
        if (_queue.Count >= MaxWaiting)
        {
            return false;
        }

        var due = _clock.GetTimestamp() + (long)(_carryFor.TotalSeconds * _clock.TimestampFrequency);
        var added = new CarriedExposure(origin, exposure, due, isAhead);
        var before = _visitors.Update(origin.VisitorCode, added, static (known, carried) =>
            known.CanCarry(carried.Exposure, carried.IsAhead) ? known with { Carried = known.Carried.Add(carried) } : known);
        if (!before.CanCarry(exposure, isAhead))
        {
            var isRepeated = before.IsCarried(exposure, isAhead);
            _losses.Skip(isRepeated ? 1 : 0, isAhead ? ReasonAhead : "repeated");
            return isRepeated;
        }

        _queue.Enqueue(added);
        Arm(_carryFor);
        return true;
    }

    /// <summary>Takes what waits for the visitor's next page. The caller reports it.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="isAhead">Whether the page is fetched ahead. It takes what redirects that were fetched ahead carried, and
    /// other pages take the rest.</param>
    internal ImmutableArray<CarriedExposure> Take(string visitorCode, bool isAhead)
    {
        if (!IsWaiting(visitorCode))
        {
            return [];
        }

        var waiting = _visitors.Update(visitorCode, isAhead, static (known, ahead) =>
            known.Carried.RemoveAll(carried => carried.IsAhead == ahead) is var rest && rest == known.Carried
                ? known
                : known with { Carried = rest });
        return [.. waiting.Carried.Where(carried => carried.IsAhead == isAhead && carried.TryTake())];
    }

    private void Arm(TimeSpan wait)
    {
        if (!Interlocked.Exchange(ref _isArmed, true))
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void ReportDue()
    {
        do
        {
            var now = _clock.GetTimestamp();
            while (_queue.TryPeek(out var first) && first.Due <= now && _queue.TryDequeue(out first))
            {
                Report(first);
            }

            if (_queue.TryPeek(out var next))
            {
                var seconds = (double)(next.Due - now) / _clock.TimestampFrequency;
                _timer.Change(TimeSpan.FromSeconds(Math.Max(seconds, 0.001)), Timeout.InfiniteTimeSpan);
                return;
            }

            Volatile.Write(ref _isArmed, false);
        }
        while (!_queue.IsEmpty && !Interlocked.Exchange(ref _isArmed, true));
    }

    private void Report(CarriedExposure carried)
    {
        if (!carried.TryTake())
        {
            return;
        }

        var code = carried.Origin.VisitorCode;
        if (_visitors.Contains(code))
        {
            _visitors.Update(code, carried, static (known, gone) => known with { Carried = known.Carried.Remove(gone) });
        }

        var dataFile = _configuration.DataFile;
        using var use = _visitors.FindInUse(code);
        if (carried.IsAhead)
        {
            _losses.Skip(1, ReasonAhead);
        }
        else if (_consent.IsRefused(code, carried.Exposure, dataFile))
        {
            _losses.Skip(1, "consent");
        }
        else if (!_policy.TryMarkReported(use.Session, carried.Exposure))
        {
            _losses.Skip(1, "repeated");
        }
        else
        {
            _policy.Reported(code, carried.Exposure, ResponseOutcome.Redirect);
            _consent.Report(carried.ToEvent(), dataFile);
        }
    }
}
