using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Flag edits, key-value maps and scores of visitors that were set at run time. They are kept in the store.
/// </summary>
internal sealed class StoredSettings
{
    private const string EditsKey = "edits";
    private const string ScorePrefix = "score/";

    private readonly SandboxStore _store;
    private readonly SandboxClock _clock;
    private readonly TimeProvider _machine;
    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly ExpiringMaps _maps = new();
    private EditSet _edits = EditSet.None;

    /// <param name="store">Keeps them.</param>
    /// <param name="clock">The clock by which maps expire.</param>
    /// <param name="machine">The clock that dates edits, as it dates the project file.</param>
    public StoredSettings(SandboxStore store, SandboxClock clock, TimeProvider machine)
    {
        _store = store;
        _clock = clock;
        _machine = machine;
        foreach (var (key, json) in store.ReadSettings())
        {
            if (key.Is(EditsKey))
            {
                _edits = Read(json, StorageJson.Default.EditSet) is { } edits ? Possible(edits) : _edits;
            }
            else if (!ExpiringMaps.IsKey(key))
            {
                _values[key] = json;
            }
            else if (Read(json, StorageJson.Default.StoredMap) is { } map)
            {
                _maps.Set(key, map);
            }
        }

        Forget(_maps.Trim(clock.GetUtcNow()));
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

    /// <summary>Changes the edit of a flag atomically, unless the check returns a problem.</summary>
    internal string? TryChangeEdit(string flag, Func<FlagEdit, FlagEdit> change, Func<FlagEdit, string?> check)
    {
        lock (_values)
        {
            var edit = change(_edits.Flags.GetValueOrDefault(flag) ?? new FlagEdit());
            var problem = check(edit);
            if (problem is null)
            {
                SetEdit(flag, edit);
            }

            return problem;
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
    internal string? Map(string key) => _maps.Find(ExpiringMaps.KeyOf(key), _clock.GetUtcNow());

    /// <summary>Sets the maps of a body <c>{"key":{…}}</c>; an empty object deletes its key. Where there is no room, those
    /// that would expire first go.</summary>
    internal bool TrySetMaps(string body, TimeSpan life)
    {
        try
        {
            using var document = JsonDocument.Parse(HalfPairs.Replace(body));
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || document.RootElement.EnumerateObject().Any(map => map.Value.ValueKind != JsonValueKind.Object))
            {
                return false;
            }

            foreach (var map in document.RootElement.EnumerateObject())
            {
                var stored = map.Value.EnumerateObject().Any()
                    ? new StoredMap(_clock.GetUtcNow() + life, map.Value.GetRawText())
                    : null;
                var key = ExpiringMaps.KeyOf(map.Name);
                _maps.Set(key, stored);
                _store.Save(key, stored is null ? null : JsonSerializer.Serialize(stored, StorageJson.Default.StoredMap));
            }

            Forget(_maps.Trim(_clock.GetUtcNow()));
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
        Forget(_maps.Clear());
        foreach (var key in _values.Keys)
        {
            Set(key, null);
        }
    }

    private void Forget(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            _store.Save(key, null);
        }
    }

    private T? Read<T>(string json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            _store.ReportDamaged(1);
            return null;
        }
    }

    // An earlier version may have stored what this one refuses.
    private EditSet Possible(EditSet edits)
    {
        if (edits.Flags.Values.All(edit => edit is { Problem: null }))
        {
            return edits;
        }

        _store.ReportDamaged(1);
        return EditSet.None;
    }

    private void SetEdits(Dictionary<string, FlagEdit> flags)
    {
        var edits = new EditSet(_machine.GetUtcNow().UtcDateTime, flags);
        _store.Save(EditsKey, JsonSerializer.Serialize(edits, StorageJson.Default.EditSet));
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
