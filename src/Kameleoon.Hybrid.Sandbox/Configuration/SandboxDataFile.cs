using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The data file on disk, read anew at each request and compiled once per content.</summary>
internal sealed class SandboxDataFile
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ILogger<SandboxDataFile> _logger;
    private DataFileContent _content = DataFileContent.None;
    private DateTime _written;

    public SandboxDataFile(
        IOptions<KameleoonSandboxOptions> options,
        IHostEnvironment environment,
        ILogger<SandboxDataFile> logger)
    {
        Name = options.Value.DataFile;
        _path = Path.GetFullPath(Name, environment.ContentRootPath);
        _logger = logger;
    }

    /// <summary>The path as it was configured.</summary>
    internal string Name { get; }

    internal DataFileContent Read()
    {
        lock (_gate)
        {
            try
            {
                var written = File.GetLastWriteTimeUtc(_path);
                var bytes = File.ReadAllBytes(_path);
                if (_content.Bytes is null || written != _written || !bytes.AsSpan().SequenceEqual(_content.Bytes))
                {
                    _content = Compile(bytes, written);
                    _written = written;
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                Lose(DataFileState.Missing, $"There is no file {Name} in the content root.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Lose(DataFileState.Unreadable, $"The file {Name} cannot be read: {e.Message}");
            }

            return _content;
        }
    }

    private DataFileContent Compile(byte[] bytes, DateTime written)
    {
        // Clients compare whole seconds: without the step, the second of two edits in one second would stay a 304.
        var modified = new DateTimeOffset(written.AddTicks(-(written.Ticks % TimeSpan.TicksPerSecond)), TimeSpan.Zero);
        var next = _content.LastModified.AddSeconds(_content.LastModified == DateTimeOffset.MinValue ? 0 : 1);
        modified = modified > next ? modified : next;
        try
        {
            var data = DataFile.Parse(bytes);
            return new(DataFileState.Ready, bytes, modified, null, data.Warnings, ExperimentCatalog.Of(data), data);
        }
        catch (DataFileException e)
        {
            _logger.DataFileBroken(e.Message);
            return new(DataFileState.Broken, bytes, modified, e.Message, [], _content.Catalog);
        }
    }

    private void Lose(DataFileState state, string problem)
    {
        if (_content.State == state && string.Equals(_content.Problem, problem, StringComparison.Ordinal))
        {
            return;
        }

        _logger.DataFileUnavailable(problem);
        _content = _content with { State = state, Bytes = null, Problem = problem, Warnings = [], Data = null };
    }
}
