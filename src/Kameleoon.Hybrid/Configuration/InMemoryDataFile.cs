using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>A data file that the application holds itself, for tests: no platform is asked for one.</summary>
/// <remarks>Pass it to <c>UseDataFile</c>. Safe for concurrent use.</remarks>
public sealed class InMemoryDataFile : IDataFileSource
{
    private byte[] _json;

    /// <summary>Creates a data file.</summary>
    /// <param name="json">The document, as the platform's configuration service serves it. A bad one is refused and
    /// logged like the platform's.</param>
    public InMemoryDataFile(string json) => _json = Encoding.UTF8.GetBytes(json);

    private event EventHandler? Replaced;

    bool IDataFileSource.IsRemote => false;

    /// <summary>Replaces it. It is in force soon: wait for <see cref="IKameleoonConfiguration.Changed"/>.</summary>
    /// <param name="json">The document.</param>
    public void Replace(string json)
    {
        Volatile.Write(ref _json, Encoding.UTF8.GetBytes(json));
        Replaced?.Invoke(this, EventArgs.Empty);
    }

    Task<FetchedDataFile> IDataFileSource.FetchAsync(
        DataFileRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<FetchedDataFile>(new(DataFileSource.Memory, Volatile.Read(ref _json)));

    async Task IDataFileSource.WatchAsync(Action<long?> changed, CancellationToken cancellationToken)
    {
        Replaced += Raise;
        changed(null);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Replaced -= Raise;

        void Raise(object? sender, EventArgs e) => changed(null);
    }
}
