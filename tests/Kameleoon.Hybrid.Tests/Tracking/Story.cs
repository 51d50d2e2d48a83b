using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>One recorded run of an official SDK, told step by step to a client of this library.</summary>
/// <param name="recording">The recording.</param>
/// <param name="options">The settings of that run.</param>
/// <param name="dataFile">The data file of that run; null for the recorded one.</param>
internal sealed class Story(string recording, Action<KameleoonOptions>? options = null, string? dataFile = null)
{
    private readonly List<Step> _steps = [];
    private Task? _told;

    internal string Recording => recording;

    /// <summary>Whether the order of the lines is as ours.</summary>
    internal bool IsOrdered { get; init; } = true;

    /// <summary>How to read what was recorded where all of it differs from ours in one way.</summary>
    internal Func<WireRequest, WireRequest> Reading { get; init; } = static request => request;

    /// <summary>Which requests are compared.</summary>
    internal Func<IEnumerable<WireRequest>, IEnumerable<WireRequest>> Common { get; init; } = static all => all;

    internal IEnumerable<Step> Steps => _steps;

    /// <summary>A step in which the same is sent.</summary>
    /// <param name="name">The recorded step.</param>
    /// <param name="act">What is done.</param>
    /// <param name="common">Which requests are compared; null for those of the whole story.</param>
    internal Story Sends(
        string name, Func<StorySite, Task> act, Func<IEnumerable<WireRequest>, IEnumerable<WireRequest>>? common = null) => Add(
        new(this, name, null, async site =>
        {
            await act(site);
            return null;
        })
        {
            Common = common ?? Common,
        });

    /// <inheritdoc cref="Sends(string, Func{StorySite, Task}, Func{IEnumerable{WireRequest}, IEnumerable{WireRequest}}?)"/>
    internal Story Sends(string name, Action<StorySite> act) => Sends(name, site =>
    {
        act(site);
        return Task.CompletedTask;
    });

    /// <summary>A step in which a visitor does something and everything is flushed.</summary>
    internal Story Sends(string name, string visitor, Action<IKameleoonClient> act) => Sends(name, site =>
    {
        act(site.For(visitor));
        return site.FlushAsync(visitor);
    });

    /// <summary>A step in which the caller gets the same.</summary>
    internal Story Shows(string name, Func<StorySite, object?> act) => Add(new(this, name, null, site => Task.FromResult(act(site))));

    /// <summary>A step that is not compared.</summary>
    /// <param name="name">The recorded step.</param>
    /// <param name="why">Why not.</param>
    /// <param name="act">What later steps need of it.</param>
    internal Story LeavesOut(string name, string why, Func<StorySite, Task>? act = null) => Add(new(this, name, why, async site =>
    {
        await (act?.Invoke(site) ?? Task.CompletedTask);
        return null;
    }));

    /// <summary>Tells it, once.</summary>
    internal Task ToldAsync()
    {
        lock (_steps)
        {
            return _told ??= TellAsync();
        }
    }

    private Story Add(Step step)
    {
        _steps.Add(step);
        return this;
    }

    private async Task TellAsync()
    {
        await using var site = await StorySite.StartAsync(options, dataFile ?? RecordedTraffic.DataFile);
        foreach (var step in _steps)
        {
            try
            {
                step.Seen = await step.Act(site);
            }
#pragma warning disable CA1031 // It is the step's test that fails.
            catch (Exception e)
#pragma warning restore CA1031
            {
                step.Failure = e;
            }

            step.Sent = site.TakeSent();
        }
    }

    internal sealed record Step(Story Story, string Name, string? WhyNot, Func<StorySite, Task<object?>> Act)
    {
        internal Func<IEnumerable<WireRequest>, IEnumerable<WireRequest>> Common { get; init; } = static all => all;

        internal object? Seen { get; set; }

        internal Exception? Failure { get; set; }

        internal IReadOnlyList<WireRequest> Sent { get; set; } = [];

        /// <summary>The recording and the step.</summary>
        internal string Key => $"{Story.Recording}: {Name}";

        internal string SeenText => JsonSerializer.Serialize(Seen);
    }
}
