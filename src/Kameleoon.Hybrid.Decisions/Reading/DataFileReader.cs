using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads a data file into its parts: flags, segments, custom data, holdout and site settings.</summary>
/// <remarks>
/// The document is read in one pass. Members may come in any order; of two members of one name the later counts.
/// </remarks>
internal sealed class DataFileReader
{
    // Flags and segments seldom take less, so that the lists seldom grow.
    private const int BytesPerFlag = 1024;
    private const int BytesPerSegment = 2048;

    private readonly FlagReader _flags;
    private bool _hasFlags;

    private DataFileReader(int length, VariationReaderContext source)
    {
        Segments = new SegmentReader(length / BytesPerSegment);
        _flags = new FlagReader(Segments, source, length / BytesPerFlag);
    }

    internal long? DateModified { get; private set; }

    internal SiteSettings? SiteSettings { get; private set; }

    internal Holdout? Holdout { get; private set; }

    internal CustomDataReader CustomData { get; private set; } = new();

    internal KeyedMap<FeatureFlag> Flags { get; private set; } = KeyedMap<FeatureFlag>.Empty;

    internal SegmentReader Segments { get; }

    internal IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new Warnings();
            if (SiteSettings is null)
            {
                warnings.Add("The data file has no configuration object; every setting of the site takes its default.");
            }

            warnings.AddAll(CustomData.Warnings);
            warnings.AddAll(Segments.Warnings);
            if (SiteSettings?.UnknownOptOutBehavior is { } behavior)
            {
                warnings.Add($"The opt-out behaviour {behavior} is unknown and taken as PARTIALLY_BLOCK.");
            }

            return warnings.ToList();
        }
    }

    internal static DataFileReader Read(ReadOnlySpan<byte> utf8Json, Action<VariableMismatch>? mismatch)
    {
        var preamble = Encoding.UTF8.Preamble;
        var document = utf8Json.StartsWith(preamble) ? utf8Json[preamble.Length..] : utf8Json;
        if (document.IsEmpty)
        {
            throw new DataFileException("The document is empty.");
        }

        var texts = new StringPool(document.Length);
        var json = new JsonCursor(document, texts);
        var reader = new DataFileReader(document.Length, new VariationReaderContext(document.Length, texts, mismatch));
        try
        {
            reader.Read(ref json);
        }
        catch (JsonException e)
        {
            var where = JsonErrorLocation.Describe(document, e, json.SkippedFrom);
            throw new DataFileException($"The document is not valid JSON or ends too early, {where}: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            var where = JsonErrorLocation.Describe(document, json.Start, json.End);
            var reason = e.Message.Length == 0 ? "." : $": {e.Message}";
            throw new DataFileException($"A value has the wrong type or range, {where}{reason}", e);
        }

        // A response such as {"error": …} is JSON too; taken as a data file, it would turn all flags off.
        return reader._hasFlags
            ? reader
            : throw new DataFileException("The document has no featureFlags array at $.featureFlags.");
    }

    private void Read(ref JsonCursor json)
    {
        if (json.EnterObject())
        {
            while (json.NextMember())
            {
                ReadMember(ref json);
            }
        }

        // Throws when anything follows the document.
        json.Next();

        Flags = _flags.Build(CustomData);
        Segments.Complete(Flags);
    }

    private void ReadMember(ref JsonCursor json)
    {
        if (json.NameEquals("featureFlags"u8))
        {
            _hasFlags = _flags.Read(ref json);
        }
        else if (json.NameEquals("segments"u8))
        {
            Segments.Read(ref json);
        }
        else if (json.NameEquals("customData"u8))
        {
            CustomData = new CustomDataReader();
            CustomData.Read(ref json);
        }
        else if (json.NameEquals("holdout"u8))
        {
            Holdout = HoldoutReader.Read(ref json);
        }
        else if (json.NameEquals("configuration"u8))
        {
            SiteSettings = SiteSettings.Read(ref json);
        }
        else if (json.NameEquals("dateModified"u8))
        {
            DateModified = json.ReadInt64();
        }
        else
        {
            json.SkipMember();
        }
    }
}
