namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the slots of custom data into the ways they are looked up.</summary>
internal sealed class CustomDataReader
{
    private readonly List<CustomDataSlot> _slots = [];
    private readonly Dictionary<long, int> _indexesById = [];
    private readonly Dictionary<string, CustomDataSlot> _byName = new(StringComparer.Ordinal);

    internal IReadOnlyList<CustomDataSlot> Slots => _slots;

    internal IReadOnlyDictionary<string, CustomDataSlot> ByName => _byName;

    internal int? MappingIndex { get; private set; }

    internal Warnings Warnings { get; } = new();

    /// <summary>The index of the slot that replaces the visitor code, or null for none.</summary>
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
            if (json.Is("id"u8))
            {
                id = json.Int64();
            }
            else if (json.Is("index"u8))
            {
                index = json.Int32();
            }
            else if (json.Is("name"u8))
            {
                name = json.Text();
            }
            else if (json.Is("localOnly"u8))
            {
                localOnly = json.Boolean();
            }
            else if (json.Is("scope"u8))
            {
                scope = json.Text();
            }
            else if (json.Is("isMappingIdentifier"u8))
            {
                mapping = json.Boolean();
            }
            else
            {
                json.Ignore();
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
