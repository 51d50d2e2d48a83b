using System.Collections.Frozen;
using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Puts the variations of <see cref="KameleoonOptions.Telemetry"/> on the metrics and the activity of their request.
/// Creates nothing for other flags, and nothing while neither metrics nor traces nor log scopes are collected.</summary>
internal sealed class RequestTelemetry
{
    private readonly FrozenDictionary<string, int>? _places;
    private readonly string[] _tags;
    private readonly string _siteCode;

    public RequestTelemetry(IOptions<KameleoonOptions> options)
    {
        var telemetry = options.Value.Telemetry;
        var flags = telemetry.Flags.Distinct(StringComparer.Ordinal).ToArray();
        _tags = [.. flags.Select(static flag => "kameleoon.flag." + flag)];
        _places = flags.Length == 0
            ? null
            : flags.Index().ToFrozenDictionary(static flag => flag.Item, static flag => flag.Index, StringComparer.Ordinal);
        HasLogScope = telemetry.LogScope;
        _siteCode = options.Value.SiteCode;
    }

    /// <summary>Whether any flags are observed.</summary>
    internal bool IsOn => _places is not null;

    /// <summary>Whether log lines of a request have the variations in their scope.</summary>
    internal bool HasLogScope { get; }

    /// <summary>Notes a decision.</summary>
    /// <param name="request">The visitor's request, or null outside of requests.</param>
    /// <param name="featureKey">The flag.</param>
    /// <param name="variation">The decided variation.</param>
    internal void Decided(VisitorRequest? request, string featureKey, Variation variation)
    {
        if (_places is null || !_places.TryGetValue(featureKey, out var place))
        {
            return;
        }

        if (request?.Context is not { } context)
        {
            AddEvent(Activity.Current, featureKey, variation);
            return;
        }

        var metrics = context.Features.Find<IHttpMetricsTagsFeature>();
        var activity = context.Features.Find<IHttpActivityFeature>()?.Activity;
        if ((metrics is null && activity is not { IsAllDataRequested: true } && !HasLogScope)
            || !ScopeOf(request).TrySet(place, variation.Key, out var former))
        {
            return;
        }

        if (metrics is not null)
        {
            Replace(metrics.Tags, _tags[place], former, variation.Key);
        }

        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(_tags[place], variation.Key);
            AddEvent(activity, featureKey, variation);
        }
    }

    /// <summary>Returns the state of the request's log scope.</summary>
    internal ObservedVariations ScopeOf(VisitorRequest request) => request.ObserveVariations(_tags);

    // Each decision of a request may run on another thread.
    private static void Replace(ICollection<KeyValuePair<string, object?>> tags, string tag, string? former, string variation)
    {
        lock (tags)
        {
            if (former is not null)
            {
                tags.Remove(new(tag, former));
            }

            tags.Add(new(tag, variation));
        }
    }

    // Without the visitor's code, which is personal data.
    private void AddEvent(Activity? activity, string featureKey, Variation variation)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.AddEvent(new ActivityEvent("feature_flag.evaluation", tags: new ActivityTagsCollection
            {
                ["feature_flag.key"] = featureKey,
                ["feature_flag.provider.name"] = "Kameleoon",
                ["feature_flag.result.variant"] = variation.Key,
                ["feature_flag.result.reason"] = KameleoonMetrics.NameOf(variation.Reason),
                [KameleoonMetrics.SetId] = _siteCode,
            }));
        }
    }
}
