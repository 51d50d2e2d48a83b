using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the flags of a data file.</summary>
/// <param name="segments">The segments that rules refer to.</param>
/// <param name="source">What the variations of the data file share.</param>
/// <param name="expected">About how many flags there are.</param>
internal sealed class FlagReader(SegmentReader segments, VariationReaderContext source, int expected)
{
    private readonly RuleReader _rules = new(segments, source);
    private readonly List<FeatureFlag> _flags = new(expected);
    private readonly List<Reference> _references = [];

    /// <summary>Reads the array of flags.</summary>
    /// <returns>False for null.</returns>
    internal bool Read(ref JsonCursor json)
    {
        _flags.Clear();
        _references.Clear();
        if (!json.EnterArray())
        {
            return false;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                _flags.Add(ReadFlag(ref json));
            }
        }

        return true;
    }

    /// <summary>Returns the flags, connected to their exclusive groups and custom data slots.</summary>
    internal KeyedMap<FeatureFlag> Build(CustomDataReader customData)
    {
        var flags = KeyedMap<FeatureFlag>.Create(
            CollectionsMarshal.AsSpan(_flags), static flag => flag.Key, laterCounts: true);
        var groups = new Dictionary<string, List<FeatureFlag>>(StringComparer.Ordinal);
        foreach (var (flag, group, bucketingId) in _references)
        {
            if (!ReferenceEquals(flags[flag.Key], flag))
            {
                // A later flag of the same key replaced this one.
                continue;
            }

            flag.BucketingIndex = customData.FindIndex(bucketingId);
            if (group is { Length: > 0 })
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(groups, group, out _) ??= []).Add(flag);
            }
        }

        foreach (var (name, members) in groups)
        {
            var group = new ExclusiveGroup(name, [.. members.OrderBy(flag => flag.Id)]);
            members.ForEach(flag => flag.Group = group);
        }

        return flags;
    }

    private FeatureFlag ReadFlag(ref JsonCursor json)
    {
        var draft = default(FlagDraft);
        _rules.Clear();
        while (json.NextMember())
        {
            ReadMember(ref json, ref draft);
        }

        var key = draft.Key ?? "";
        var catalogue = new VariationCatalogue(source.Copy(draft.Variations), key, source);
        var flag = new FeatureFlag(
            draft.Id ?? 0, key, draft.IsEnabled ?? false, draft.DefaultKey ?? "", catalogue, _rules.Build(catalogue));
        if (draft.Group is not null || draft.BucketingId is not null)
        {
            _references.Add(new Reference(flag, draft.Group, draft.BucketingId));
        }

        return flag;
    }

    private void ReadMember(ref JsonCursor json, ref FlagDraft draft)
    {
        if (json.NameEquals("id"u8))
        {
            draft.Id = json.ReadInt64();
        }
        else if (json.NameEquals("featureKey"u8))
        {
            draft.Key = json.ReadText();
        }
        else if (json.NameEquals("environmentEnabled"u8))
        {
            draft.IsEnabled = json.ReadBoolean();
        }
        else if (json.NameEquals("defaultVariationKey"u8))
        {
            draft.DefaultKey = json.ReadText();
        }
        else if (json.NameEquals("mutuallyExclusiveGroup"u8))
        {
            draft.Group = json.ReadText();
        }
        else if (json.NameEquals("bucketingCustomDataId"u8))
        {
            draft.BucketingId = json.ReadInt64();
        }
        else if (json.NameEquals("variations"u8))
        {
            draft.Variations = VariationValidator.Skip(ref json);
        }
        else if (json.NameEquals("rules"u8))
        {
            _rules.Read(ref json);
        }
        else
        {
            json.SkipMember();
        }
    }

    /// <summary>The members of a flag, as read so far.</summary>
    private ref struct FlagDraft
    {
        internal long? Id;
        internal string? Key;
        internal bool? IsEnabled;
        internal string? DefaultKey;
        internal string? Group;
        internal long? BucketingId;
        internal ReadOnlySpan<byte> Variations;
    }

    /// <summary>What a flag refers to by id or name.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reference(FeatureFlag Flag, string? Group, long? BucketingId);
}
