using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the flags.</summary>
internal sealed class FlagReader(SegmentReader segments, VariationSource source)
{
    private readonly RuleReader _rules = new(segments, source);
    private readonly KeyedMapBuilder<FeatureFlag> _flags = new();
    private readonly List<Reference> _references = [];

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
                var flag = ReadFlag(ref json);
                _flags.Set(flag.Key, flag);
            }
        }

        return true;
    }

    /// <summary>Hands the flags out, joined to what may stand behind them.</summary>
    internal KeyedMap<FeatureFlag> Build(CustomDataReader customData)
    {
        var flags = _flags.Build();
        var groups = new Dictionary<string, List<FeatureFlag>>(StringComparer.Ordinal);
        foreach (var (flag, group, bucketingId) in _references)
        {
            if (!ReferenceEquals(flags[flag.Key], flag))
            {
                // The later of two flags of one key won.
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
        var id = 0L;
        string? key = null;
        var enabled = false;
        string? defaultKey = null;
        string? group = null;
        long? bucketingId = null;
        ReadOnlySpan<byte> variations = default;
        _rules.Clear();
        while (json.NextMember())
        {
            if (json.Is("id"u8))
            {
                id = json.Int64() ?? 0;
            }
            else if (json.Is("featureKey"u8))
            {
                key = json.Text();
            }
            else if (json.Is("environmentEnabled"u8))
            {
                enabled = json.Boolean() ?? false;
            }
            else if (json.Is("defaultVariationKey"u8))
            {
                defaultKey = json.Text();
            }
            else if (json.Is("mutuallyExclusiveGroup"u8))
            {
                group = json.Text();
            }
            else if (json.Is("bucketingCustomDataId"u8))
            {
                bucketingId = json.Int64();
            }
            else if (json.Is("variations"u8))
            {
                variations = VariationCheck.Pass(ref json);
            }
            else if (json.Is("rules"u8))
            {
                _rules.Read(ref json);
            }
            else
            {
                json.Ignore();
            }
        }

        key ??= "";
        var catalogue = new VariationCatalogue(source.Keep(variations), key, source);
        var flag = new FeatureFlag(id, key, enabled, defaultKey ?? "", catalogue, _rules.Build(catalogue));
        if (group is not null || bucketingId is not null)
        {
            _references.Add(new Reference(flag, group, bucketingId));
        }

        return flag;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reference(FeatureFlag Flag, string? Group, long? BucketingId);
}
