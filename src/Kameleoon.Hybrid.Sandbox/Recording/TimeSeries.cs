namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Sums over time in at most 120 steps. The steps become wider as the time span grows.</summary>
internal sealed class TimeSeries
{
    private const int MaxSteps = 120;
    private const long FirstWidth = 5;

    private readonly SortedDictionary<long, long> _steps = [];

    /// <summary>The width of a step in seconds.</summary>
    internal long Width { get; private set; } = FirstWidth;

    /// <summary>The sums, each with the start of its step in seconds since 1970.</summary>
    internal IEnumerable<(long Second, long Sum)> Steps => _steps.Select(step => (step.Key, step.Value));

    /// <summary>The same, with the zeros at both ends of a pause, so that a line through them shows it.</summary>
    internal IEnumerable<(long Second, long Sum)> StepsWithPauses
    {
        get
        {
            var expected = long.MaxValue;
            foreach (var (second, sum) in Steps)
            {
                if (expected < second)
                {
                    yield return (expected, 0);
                }

                if (expected < second - Width)
                {
                    yield return (second - Width, 0);
                }

                yield return (second, sum);
                expected = second + Width;
            }
        }
    }

    internal void Add(DateTimeOffset time, long amount)
    {
        var second = time.ToUnixTimeSeconds();
        Put(second - (second % Width), amount);
        while (_steps.Count > MaxSteps)
        {
            Widen();
        }
    }

    internal void Clear()
    {
        _steps.Clear();
        Width = FirstWidth;
    }

    private void Widen()
    {
        Width *= 2;
        var narrow = _steps.ToList();
        _steps.Clear();
        narrow.ForEach(step => Put(step.Key - (step.Key % Width), step.Value));
    }

    private void Put(long start, long amount) => _steps[start] = _steps.GetValueOrDefault(start) + amount;
}
