namespace Kameleoon.Hybrid.Settings;

/// <summary>Where the data file comes from, how the application starts, and how it behaves during an outage.</summary>
public sealed class KameleoonConfigurationOptions
{
    /// <summary>How changes are noticed. Default <see cref="ConfigurationMode.Polling"/>.</summary>
    public ConfigurationMode Mode { get; set; }

    /// <summary>A data file on disk to use instead of the configuration service, absolute or relative to the content
    /// root. Edits take effect at once. Default: none.</summary>
    public string? File { get; set; }

    /// <summary>What the application's start does until the data file is there. Default
    /// <see cref="StartMode.Wait"/>.</summary>
    public StartMode Start { get; set; }

    /// <summary>The age from which the health check calls the data file stale. Default: two
    /// <see cref="KameleoonOptions.RefreshInterval"/>s; 1 second to 30 days.</summary>
    public TimeSpan? StaleAfter { get; set; }

    /// <summary>Whether the last good data file is kept on disk, so that a restart during an outage decides by it.
    /// Default true. Where no folder can be written, it is kept in memory only.</summary>
    public bool LastGoodCopy { get; set; } = true;

    /// <summary>The folder of the last good copy; in a container, one on a volume outlives the container. Default: the
    /// user's folder for application data, else the folder for temporary files.</summary>
    public string? LastGoodCopyFolder { get; set; }

    /// <summary>The first pause after a refresh failed while there is no data file, or only a last good copy. It
    /// doubles up to <see cref="KameleoonOptions.RefreshInterval"/>, and each is shortened at random by up to a half.
    /// With a
    /// data file in force the first pause is a quarter of that interval. Default 5 seconds; 10 milliseconds to 1
    /// hour.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The first pause before the event stream is opened again; it doubles up to <see
    /// cref="MaxReconnectDelay"/>, and each is shortened at random. Default 5 seconds; 10 milliseconds to 1 hour.
    /// </summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause before the event stream is opened again. Default 1 minute; 10 milliseconds to 1 hour.
    /// </summary>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the event stream may be silent, without events and comments, before it is reopened. Default
    /// 5 minutes; 1 second to 1 hour.</summary>
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
