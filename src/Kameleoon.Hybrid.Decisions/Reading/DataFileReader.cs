using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Turns bytes into the parts of a data file, or into one sentence that says what is wrong.</summary>
/// <remarks>One pass builds it all; members may come in any order, and the later of two of one name counts.</remarks>
internal sealed class DataFileReader
{
    private readonly FlagReader _flags;
    private bool _hasFlags;

    private DataFileReader(VariationSource source) => _flags = new FlagReader(Segments, source);

    internal long? DateModified { get; private set; }

    internal Configuration? Configuration { get; private set; }

    internal Holdout? Holdout { get; private set; }

    internal CustomDataReader CustomData { get; private set; } = new();

    internal KeyedMap<FeatureFlag> Flags { get; private set; } = KeyedMap<FeatureFlag>.Empty;

    internal SegmentReader Segments { get; } = new();

    internal IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new Warnings();
            if (Configuration is null)
            {
                warnings.Add("The data file has no configuration object; every setting of the site takes its default.");
            }

            warnings.AddAll(CustomData.Warnings);
            warnings.AddAll(Segments.Warnings);
            if (Configuration?.UnknownOptOutBehavior is { } behavior)
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

        var texts = new TextPool();
        var json = new JsonCursor(document, texts);
        var reader = new DataFileReader(new VariationSource(document.Length, texts, mismatch));
        try
        {
            reader.Read(ref json);
        }
        catch (JsonException e)
        {
            var where = JsonPlace.Of(document, e, json.Passing);
            throw new DataFileException($"The document is not valid JSON or ends too early, {where}: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            var where = JsonPlace.Of(document, json.Start, json.End);
            var reason = e.Message.Length == 0 ? "." : $": {e.Message}";
            throw new DataFileException($"A value has the wrong type or range, {where}{reason}", e);
        }

        // An answer such as {"error": …} is JSON too; taken for a data file, it would switch every flag off.
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

        // Refuses whatever follows.
        json.Next();

        Flags = _flags.Build(CustomData);
        Segments.Complete(Flags);
    }

    private void ReadMember(ref JsonCursor json)
    {
        if (json.Is("featureFlags"u8))
        {
            _hasFlags = _flags.Read(ref json);
        }
        else if (json.Is("segments"u8))
        {
            Segments.Read(ref json);
        }
        else if (json.Is("customData"u8))
        {
            CustomData = new CustomDataReader();
            CustomData.Read(ref json);
        }
        else if (json.Is("holdout"u8))
        {
            Holdout = HoldoutReader.Read(ref json);
        }
        else if (json.Is("configuration"u8))
        {
            Configuration = Configuration.Read(ref json);
        }
        else if (json.Is("dateModified"u8))
        {
            DateModified = json.Int64();
        }
        else
        {
            json.Ignore();
        }
    }
}
