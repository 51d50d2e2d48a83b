using System.Collections.Concurrent;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What people set in the sandbox itself: edits of flags, maps, and scores of visitors. Kept in the store.</summary>
internal sealed class SandboxSettings
{
    private const string EditsKey = "edits";
    private const string MapPrefix = "map/";
    private const string ScorePrefix = "score/";

    private readonly SandboxStore _store;
    private readonly SandboxClock _clock;
    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);
    private EditSet _edits = EditSet.None;

    public SandboxSettings(SandboxStore store, SandboxClock clock)
    {
        _store = store;
        _clock = clock;
        foreach (var (key, json) in store.ReadSettings())
        {
            if (!key.Is(EditsKey))
            {
                _values[key] = json;
            }
            else
            {
                _edits = ReadEdits(json) ?? _edits;
            }
        }
    }

    /// <summary>The edits in force, and when they were last changed; the same object until they are.</summary>
    internal (IReadOnlyDictionary<string, FlagEdit> Edits, DateTime Time) Edits
    {
        get
        {
            var edits = Volatile.Read(ref _edits);
            return (edits.Flags, edits.Time);
        }
    }

    /// <summary>Replaces the edit of a flag; null or an empty one removes it.</summary>
    internal void SetEdit(string flag, FlagEdit? edit)
    {
        lock (_values)
        {
            var flags = new Dictionary<string, FlagEdit>(_edits.Flags, StringComparer.Ordinal);
            if (edit is null or { IsEmpty: true })
            {
                flags.Remove(flag);
            }
            else
            {
                flags[flag] = edit;
            }

            SetEdits(flags);
        }
    }

    /// <summary>Takes all edits back.</summary>
    internal void ClearEdits()
    {
        lock (_values)
        {
            if (_edits.Flags.Count > 0)
            {
                SetEdits([]);
            }
        }
    }

    /// <summary>The JSON object under a key, or null when there is none or it has expired.</summary>
    internal string? Map(string key) =>
        _values.TryGetValue(MapPrefix + key, out var json)
        && JsonSerializer.Deserialize(json, SandboxJson.Default.StoredMap) is { } map && map.Expires > _clock.GetUtcNow()
            ? map.Json
            : null;

    /// <summary>Sets the maps of a body <c>{"key":{…}}</c>; an empty object deletes its key.</summary>
    internal bool TrySetMaps(string body, TimeSpan life)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || document.RootElement.EnumerateObject().Any(map => map.Value.ValueKind != JsonValueKind.Object))
            {
                return false;
            }

            foreach (var map in document.RootElement.EnumerateObject())
            {
                var stored = new StoredMap(_clock.GetUtcNow() + life, map.Value.GetRawText());
                Set(MapPrefix + map.Name, map.Value.EnumerateObject().Any() ? JsonSerializer.Serialize(stored, SandboxJson.Default.StoredMap) : null);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The scores of a visitor as JSON; kind <c>kcs</c> or <c>cbs</c>.</summary>
    internal string? Score(string kind, string visitor) => _values.GetValueOrDefault($"{ScorePrefix}{kind}/{visitor}");

    internal void SetScore(string kind, string visitor, string? json) => Set($"{ScorePrefix}{kind}/{visitor}", json);

    internal void Clear()
    {
        ClearEdits();
        foreach (var key in _values.Keys)
        {
            Set(key, null);
        }
    }

    private EditSet? ReadEdits(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SandboxJson.Default.EditSet);
        }
        catch (JsonException)
        {
            _store.Miss(1);
            return null;
        }
    }

    private void SetEdits(Dictionary<string, FlagEdit> flags)
    {
        var edits = new EditSet(_clock.GetUtcNow().UtcDateTime, flags);
        _store.Save(EditsKey, JsonSerializer.Serialize(edits, SandboxJson.Default.EditSet));
        Volatile.Write(ref _edits, edits);
    }

    private void Set(string key, string? json)
    {
        if (json is null)
        {
            _values.TryRemove(key, out _);
        }
        else
        {
            _values[key] = json;
        }

        _store.Save(key, json);
    }
}

/// <summary>All edits of flags, and when they were last changed.</summary>
internal sealed record EditSet(DateTime Time, IReadOnlyDictionary<string, FlagEdit> Flags)
{
    internal static EditSet None { get; } =
        new(DateTime.MinValue, new Dictionary<string, FlagEdit>(StringComparer.Ordinal));
}

/// <summary>One map, and until when it holds.</summary>
internal sealed record StoredMap(DateTimeOffset Expires, string Json);
