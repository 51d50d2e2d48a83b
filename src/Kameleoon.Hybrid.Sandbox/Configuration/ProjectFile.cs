using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the project file at each request, compiles it once per content, and applies the edits of flags.
/// </summary>
internal sealed class ProjectFile
{
    // Events arrive by the thousand and need names only, so the file is not read for each.
    private static readonly TimeSpan Recent = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ILogger<ProjectFile> _logger;
    private readonly StoredSettings _settings;
    private readonly TimeProvider _clock;
    private ProjectFileContent _content = ProjectFileContent.None;
    private byte[]? _bytes;
    private byte[]? _replacement;
    private DateTime _written;
    private IReadOnlyDictionary<string, FlagEdit>? _edits;
    private long _readAt;

    public ProjectFile(
        IOptions<KameleoonSandboxOptions> options,
        IHostEnvironment environment,
        StoredSettings settings,
        TimeProvider clock,
        ILogger<ProjectFile> logger)
    {
        Name = options.Value.DataFile;
        _path = Path.GetFullPath(Name, environment.ContentRootPath);
        _settings = settings;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>The path as it was configured.</summary>
    internal string Name { get; }

    /// <summary>Whether a test replaced the project, so that the file is not served.</summary>
    internal bool IsReplaced => _replacement is not null;

    /// <summary>Returns the content, at most 100 milliseconds old.</summary>
    internal ProjectFileContent ReadRecent()
    {
        lock (_gate)
        {
            return _readAt != 0 && _clock.GetElapsedTime(_readAt) < Recent ? _content : Read();
        }
    }

    internal ProjectFileContent Read()
    {
        lock (_gate)
        {
            _readAt = _clock.GetTimestamp();
            var (edits, edited) = _settings.Edits;
            try
            {
                var written = _replacement is null ? File.GetLastWriteTimeUtc(_path) : _written;
                var bytes = _replacement ?? File.ReadAllBytes(_path);
                var same = _bytes is not null && written == _written && bytes.AsSpan().SequenceEqual(_bytes);
                if (!same || _content.State is ProjectFileState.Missing or ProjectFileState.Unreadable)
                {
                    Compile(bytes, written > edited ? written : edited, edits);
                    (_bytes, _written) = (bytes, written);
                }
                else if (!ReferenceEquals(edits, _edits) && _content.Project is { } project)
                {
                    var modified = After(edited);
                    _content = _content with { Project = project.With(edits, modified), LastModified = modified };
                }

                _edits = edits;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                Lose(ProjectFileState.Missing, $"There is no file {Name} in the content root.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Lose(ProjectFileState.Unreadable, $"The file {Name} cannot be read: {e.Message}");
            }

            return _content;
        }
    }

    /// <summary>Serves another project than the file; null serves the file again.</summary>
    /// <exception cref="ProjectException">The document has mistakes; nothing changes.</exception>
    internal void Replace(byte[]? document)
    {
        lock (_gate)
        {
            if (document is not null)
            {
                CompiledProject.Read(document, new Dictionary<string, FlagEdit>(StringComparer.Ordinal), _clock.GetUtcNow());
                _written = _clock.GetUtcNow().UtcDateTime;
            }

            _replacement = document;
            _bytes = null;
            Read();
        }
    }

    private void Compile(byte[] bytes, DateTime written, IReadOnlyDictionary<string, FlagEdit> edits)
    {
        try
        {
            var modified = After(written);
            _content = new(ProjectFileState.Ready, modified, [], CompiledProject.Read(bytes, edits, modified));
        }
        catch (ProjectException e)
        {
            _logger.ProjectHasMistakes(Name, string.Join(' ', e.Mistakes.Select(mistake => mistake.Sentence)));
            _content = _content with { State = ProjectFileState.Broken, Mistakes = e.Mistakes };
        }
    }

    // Clients compare whole seconds: without the step, the second of two edits in one second would stay a 304.
    private DateTimeOffset After(DateTime written)
    {
        var whole = new DateTimeOffset(written.AddTicks(-(written.Ticks % TimeSpan.TicksPerSecond)), TimeSpan.Zero);
        var next = _content.LastModified == DateTimeOffset.MinValue ? whole : _content.LastModified.AddSeconds(1);
        return whole > next ? whole : next;
    }

    private void Lose(ProjectFileState state, string problem)
    {
        if (_content.State == state && string.Equals(_content.Problem, problem, StringComparison.Ordinal))
        {
            return;
        }

        _logger.DataFileUnavailable(problem);
        _content = _content with { State = state, Mistakes = [new Mistake(0, "", problem)] };
    }
}
