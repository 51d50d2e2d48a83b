using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Unicode;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>A valid project or platform data file, with everything derived from it: data files by environment,
/// catalog and engine configuration.</summary>
internal sealed class CompiledProject
{
    private const string Others = "*";

    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    private readonly ConcurrentDictionary<string, byte[]> _dataFiles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DataFile> _compiled = new(StringComparer.Ordinal);
    private readonly byte[] _raw;
    private readonly IReadOnlyDictionary<string, FlagEdit> _edits;
    private readonly DateTimeOffset _modified;

    private CompiledProject(
        Project? source, byte[] raw, IReadOnlyDictionary<string, FlagEdit> edits, DateTimeOffset modified)
    {
        Source = source;
        _raw = raw;
        _edits = edits;
        _modified = modified;
        Environments = source is null
            ? []
            :
            [
                .. source.Flags.SelectMany(flag => flag.Environments.Keys)
                    .Where(name => !name.Is(Others))
                    .Distinct(StringComparer.Ordinal),
            ];
        Data = DataOf("production");
        var dataFile = WithoutEdits("production");
        Flags = FlagView.Of(dataFile, edits);
        Catalog = ExperimentCatalog.Of(Flags, HoldoutView.Of(dataFile), source);
        Engine = EngineConfigurationBuilder.Of(source, Catalog, dataFile, Data.ConsentRequired);
    }

    /// <summary>The project as written, or null for a data file of the platform.</summary>
    internal Project? Source { get; }

    /// <summary>The environments the project names.</summary>
    internal IReadOnlyList<string> Environments { get; }

    /// <summary>The data file of the production environment, compiled.</summary>
    internal DataFile Data { get; }

    /// <summary>The flags of the production environment, for people.</summary>
    internal IReadOnlyList<FlagView> Flags { get; }

    internal ExperimentCatalog Catalog { get; }

    /// <summary>What the browser engine gets, but for the site and the addresses.</summary>
    internal EngineConfiguration Engine { get; }

    /// <param name="document">A project of the sandbox, or a data file of the platform.</param>
    /// <param name="edits">The edits of flags.</param>
    /// <param name="modified">The time of the last change, which the data file contains.</param>
    /// <exception cref="ProjectException">It has mistakes.</exception>
    internal static CompiledProject Read(
        byte[] document, IReadOnlyDictionary<string, FlagEdit> edits, DateTimeOffset modified)
    {
        CheckEncoding(document);
        SourceNode root;
        try
        {
            root = SourceNode.Parse(Text(document));
        }
        catch (JsonException e)
        {
            throw new ProjectException(
                [new Mistake((int)(e.LineNumber ?? 0) + 1, "", $"The document is not valid JSON: {e.Message}")]);
        }

        try
        {
            if (ProjectReader.IsProject(root))
            {
                return new CompiledProject(ProjectReader.Read(root), document, edits, modified);
            }

            DataFile.Parse(document); // It has to be one for SDKs without the edits, too.
            return new CompiledProject(source: null, document, edits, modified);
        }
        catch (DataFileException e)
        {
            throw new ProjectException([new Mistake(0, "", e.Message)]);
        }
    }

    internal CompiledProject With(IReadOnlyDictionary<string, FlagEdit> edits, DateTimeOffset modified) =>
        new(Source, _raw, edits, modified);

    /// <summary>What an SDK gets that asks for an environment; for production the parameter may be missing.</summary>
    internal byte[] DataFileOf(string environment) => _dataFiles.GetOrAdd(
        NameOf(environment), name => Source is null && _edits.Count == 0 ? _raw : FlagEdits.Apply(WithoutEdits(name), _edits, _modified));

    /// <summary>The same, compiled.</summary>
    internal DataFile DataOf(string environment) =>
        _compiled.GetOrAdd(NameOf(environment), name => DataFile.Parse(DataFileOf(name)));

    internal byte[] WithoutEdits(string environment)
    {
        if (Source is not null)
        {
            return DataFileWriter.Write(Source, environment, _modified);
        }

        var text = Text(_raw).ToArray();
        HalfPairs.Replace<byte>(text);
        return text;
    }

    private string NameOf(string environment) =>
        Environments.Contains(environment, StringComparer.Ordinal) ? environment : Others;

    private static void CheckEncoding(byte[] document)
    {
        if (!Utf8.IsValid(document))
        {
            Utf8.ToUtf16(document, new char[document.Length], out var valid, out _, replaceInvalidSequences: false);
            var line = document.AsSpan(0, valid).Count((byte)'\n') + 1;
            throw new ProjectException([new Mistake(line, "", "The document is not UTF-8. Save it as UTF-8.")]);
        }
    }

    // Some editors begin a file with a byte order mark.
    private static ReadOnlySpan<byte> Text(byte[] document) =>
        document.AsSpan().StartsWith(Mark) ? document.AsSpan(Mark.Length) : document;
}
