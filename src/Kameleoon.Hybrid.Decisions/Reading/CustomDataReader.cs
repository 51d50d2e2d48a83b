namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the custom data slots, and indexes them by id and name.</summary>
internal sealed class CustomDataReader
{
    private readonly List<CustomDataSlot> _slots = [];
    private readonly Dictionary<long, int> _indexesById = [];
    private readonly Dictionary<string, CustomDataSlot> _byName = new(StringComparer.Ordinal);

    internal IReadOnlyList<CustomDataSlot> Slots => _slots;

    internal IReadOnlyDictionary<string, CustomDataSlot> ByName => _byName;

    internal int? MappingIndex { get; private set; }

    internal Warnings Warnings { get; } = new();

    /// <summary>The index of the slot with an id, or null when there is none.</summary>
    internal int? FindIndex(long? id) =>
        id is { } known and not 0 && _indexesById.TryGetValue(known, out var index) ? index : null;

    internal void Read(ref JsonCursor json)
    {
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                ReadSlot(ref json);
            }
        }
    }

    private void ReadSlot(ref JsonCursor json)
    {
        long? id = null;
        int? index = null;
        string? name = null;
        bool? localOnly = null;
        bool? mapping = null;
        string? scope = null;
        while (json.NextMember())
        {
            if (json.NameEquals("id"u8))
            {
                id = json.ReadInt64();
            }
            else if (json.NameEquals("index"u8))
            {
                index = json.ReadInt32();
            }
            else if (json.NameEquals("name"u8))
            {
                name = json.ReadText();
            }
            else if (json.NameEquals("localOnly"u8))
            {
                localOnly = json.ReadBoolean();
            }
            else if (json.NameEquals("scope"u8))
            {
                scope = json.ReadText();
            }
            else if (json.NameEquals("isMappingIdentifier"u8))
            {
                mapping = json.ReadBoolean();
            }
            else
            {
                json.SkipMember();
            }
        }

        if (index is not >= 0)
        {
            Warnings.Add($"Custom data {id} has no index and is left out.");
            return;
        }

        Add(new CustomDataSlot(
            index.Value, id, name is { Length: > 0 } ? name : null, localOnly ?? false, scope is "VISITOR"));
        if (mapping == true)
        {
            Map(index.Value);
        }
    }

    private void Add(CustomDataSlot slot)
    {
        _slots.Add(slot);
        if (slot.Name is { } name)
        {
            _byName[name] = slot;
        }

        if (slot.Id is { } id)
        {
            _indexesById[id] = slot.Index;
        }
    }

    private void Map(int index)
    {
        if (MappingIndex is not null)
        {
            Warnings.Add($"Several custom data are mapping identifiers; index {index} is used.");
        }

        MappingIndex = index;
    }
}
