using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Remembers which reports of pages were accepted, for at least the length of a session.</summary>
/// <remarks>Safe for concurrent use. Memory is bounded: beyond the limit the oldest half is forgotten.</remarks>
internal sealed class SeenReports(TimeProvider clock, IOptions<KameleoonOptions> options)
{
    private const int MaxKeys = 50_000;

    private readonly Lock _gate = new();
    private readonly TimeSpan _lifetime = options.Value.SessionDuration;
    private HashSet<ulong> _earlier = [];
    private HashSet<ulong> _latest = [];
    private long _began = clock.GetTimestamp();

    /// <summary>Returns the key of a report. It is the same on every server, so that the platform recognises the report of one
    /// page that reached two servers.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="exposure">The exposure.</param>
    /// <param name="page">The number of the page, or 0 for none.</param>
    internal static ulong KeyOf(string visitorCode, in Exposure exposure, int page) => RequestNonces.NonceOf(string.Create(
        CultureInfo.InvariantCulture, $"{visitorCode}\n{exposure.ExperimentId}\n{exposure.VariationId}\n{page}"));

    /// <summary>Adds a report.</summary>
    /// <returns>False if it was accepted before.</returns>
    internal bool TryAdd(ulong key)
    {
        lock (_gate)
        {
            var age = clock.GetElapsedTime(_began);
            if (age >= _lifetime || _latest.Count >= MaxKeys)
            {
                _earlier = age >= 2 * _lifetime ? [] : _latest;
                _latest = [];
                _began = clock.GetTimestamp();
            }

            return !_earlier.Contains(key) && _latest.Add(key);
        }
    }
}
