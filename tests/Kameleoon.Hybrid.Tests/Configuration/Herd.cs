namespace Kameleoon.Hybrid.Simulation;

/// <summary>A thousand servers through an outage, as the library's own schedules plan it; seconds pass in no time.
/// </summary>
internal sealed class Herd
{
    private readonly PriorityQueue<Action, double> _plan = new();
    private readonly HerdSettings _settings;
    private readonly Random _random;
    private double _now;
    private double _answeredAt;

    private Herd(HerdSettings settings)
    {
        _settings = settings;
        _random = new Random(settings.Seed);
        Requests = new int[(int)settings.End.TotalSeconds];
    }

    /// <summary>How many requests reached the platform, or would have, in each second.</summary>
    internal int[] Requests { get; }

    internal static Herd Run(HerdSettings settings)
    {
        var herd = new Herd(settings);
        for (var server = 0; server < settings.Servers && !settings.IsFarm; server++)
        {
            herd.Add();
        }

        if (settings.IsFarm)
        {
            herd.Hold();
        }

        while (herd._plan.TryDequeue(out var act, out var due) && due < settings.End.TotalSeconds)
        {
            herd._now = due;
            act();
        }

        return herd;
    }

    /// <summary>The most requests in a second between two times, over a window of seconds.</summary>
    internal double Peak(TimeSpan from, TimeSpan to, int window = 1)
    {
        var seconds = Requests[(int)from.TotalSeconds..(int)to.TotalSeconds];
        return Enumerable.Range(0, seconds.Length - window + 1).Max(start => seconds.Skip(start).Take(window).Average());
    }

    private bool IsAway => _now >= _settings.OutageFrom.TotalSeconds && _now < _settings.OutageTo.TotalSeconds;

    private void Add()
    {
        var options = _settings.Options;
        var schedule = new RefreshSchedule(options.RefreshInterval, options.Configuration.RetryDelay, _random);
        var retries = new Backoff(options.Resilience.Configuration.RetryDelay, TimeSpan.MaxValue, jitter: 0.5, _random);

        // They have been running for a while, each in its own rhythm.
        After(Backoff.Shorten(options.RefreshInterval, jitter: 1, _random), Refresh);
        if (options.Configuration.Mode == ConfigurationMode.Streaming)
        {
            var reconnects = new Backoff(
                options.Configuration.ReconnectDelay, options.Configuration.MaxReconnectDelay, jitter: 1, _random);
            At(_settings.OutageFrom.TotalSeconds, () => After(reconnects.Next(), () => Connect(reconnects)));
        }

        void Refresh() => Attempt(schedule.IsFailing ? 0 : options.Resilience.Configuration.Retries, 0);

        void Attempt(int retriesLeft, int failures)
        {
            Count();
            if (!IsAway)
            {
                After(schedule.AfterSuccess(), Refresh);
            }
            else if (retriesLeft > 0)
            {
                After(retries.Of(failures), () => Attempt(retriesLeft - 1, failures + 1));
            }
            else
            {
                After(schedule.AfterFailure(isUrgent: false), Refresh);
            }
        }

        void Connect(Backoff reconnects)
        {
            Count();
            if (IsAway)
            {
                After(reconnects.Next(), () => Connect(reconnects));
            }
            else
            {
                // Each connection asks for the data file once.
                Count();
            }
        }
    }

    // The server that holds the lease of a farm. The others ask the store, and one of them is the next holder.
    private void Hold()
    {
        var options = _settings.Options;
        var schedule = new RefreshSchedule(options.RefreshInterval, options.Configuration.RetryDelay, _random);
        var retries = new Backoff(options.Resilience.Configuration.RetryDelay, TimeSpan.MaxValue, jitter: 0.5, _random);
        var reconnects = new Backoff(
            options.Configuration.ReconnectDelay, options.Configuration.MaxReconnectDelay, jitter: 1, _random);
        var isHolder = true;
        Attempt(_now - _answeredAt > options.RefreshInterval.TotalSeconds ? 0 : options.Resilience.Configuration.Retries, 0);
        if (options.Configuration.Mode == ConfigurationMode.Streaming)
        {
            Connect();
        }

        void Attempt(int retriesLeft, int failures)
        {
            Count();
            if (!IsAway)
            {
                _answeredAt = _now;
                After(schedule.AfterSuccess(), () => Attempt(options.Resilience.Configuration.Retries, 0));
            }
            else if (retriesLeft > 0)
            {
                After(retries.Of(failures), () => Attempt(retriesLeft - 1, failures + 1));
            }
            else
            {
                isHolder = false;
                After((options.RefreshInterval / 4) + (FarmPace.Default.Interval / _settings.Servers), Hold);
            }
        }

        void Connect()
        {
            if (!isHolder)
            {
                return;
            }

            Count();
            if (IsAway)
            {
                After(reconnects.Next(), Connect);
                return;
            }

            Count(); // Each connection asks for the data file once.
            At(_now < _settings.OutageFrom.TotalSeconds ? _settings.OutageFrom.TotalSeconds : _settings.End.TotalSeconds, Connect);
        }
    }

    private void Count() => Requests[(int)_now]++;

    private void After(TimeSpan pause, Action act) => At(_now + pause.TotalSeconds, act);

    private void At(double time, Action act) => _plan.Enqueue(act, time);
}

/// <summary>What is simulated.</summary>
internal sealed record HerdSettings(KameleoonOptions Options)
{
    internal int Servers { get; init; } = 1000;

    /// <summary>Whether the servers share the data file.</summary>
    internal bool IsFarm { get; init; }

    internal int Seed { get; init; } = 1;

    internal TimeSpan OutageFrom { get; init; } = TimeSpan.FromMinutes(10);

    internal TimeSpan OutageTo { get; init; } = TimeSpan.FromMinutes(20);

    internal TimeSpan End { get; init; } = TimeSpan.FromMinutes(35);
}
