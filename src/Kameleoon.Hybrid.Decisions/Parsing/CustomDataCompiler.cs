using System.Collections.Frozen;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Compiles the slots of custom data into the ways they are looked up.</summary>
internal sealed class CustomDataCompiler(Warnings warnings)
{
    private readonly List<CustomDataSlot> _slots = [];
    private readonly Dictionary<long, int> _indexesById = [];
    private readonly Dictionary<string, CustomDataSlot> _byName = new(StringComparer.Ordinal);

    internal IReadOnlyList<CustomDataSlot> Slots => _slots;

    internal int? MappingIndex { get; private set; }

    internal FrozenDictionary<string, CustomDataSlot> ByName => _byName.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The index of the slot that replaces the visitor code, or null for none.</summary>
    internal int? FindIndex(long? id) =>
        id is { } known and not 0 && _indexesById.TryGetValue(known, out var index) ? index : null;

    internal void Compile(IEnumerable<CustomDataDocument> sources)
    {
        foreach (var source in sources)
        {
            if (source.Index is { } index and >= 0)
            {
                Add(source, index);
            }
            else
            {
                warnings.Add($"Custom data {source.Id} has no index and is left out.");
            }
        }
    }

    private void Add(CustomDataDocument source, int index)
    {
        var name = source.Name is { Length: > 0 } given ? given : null;
        var slot = new CustomDataSlot(index, source.Id, name, source.LocalOnly ?? false, source.Scope is "VISITOR");
        _slots.Add(slot);
        if (name is not null)
        {
            _byName[name] = slot;
        }

        if (source.Id is { } id)
        {
            _indexesById[id] = index;
        }

        if (source.IsMappingIdentifier == true)
        {
            if (MappingIndex is not null)
            {
                warnings.Add($"Several custom data are mapping identifiers; index {index} is used.");
            }

            MappingIndex = index;
        }
    }
}
