using Kameleoon.Hybrid;

namespace Microsoft.Extensions.Configuration;

/// <summary>Reads the settings file of the official C# SDK.</summary>
public static class KameleoonConfigurationBuilderExtensions
{
    /// <summary>The path at which the official C# SDK looks for its settings.</summary>
    public const string OfficialPath = "/etc/kameleoon/client-csharp.conf";

    /// <summary>Adds the settings file of the official C# SDK, so that secrets can stay where they are.</summary>
    /// <param name="builder">The application's configuration. Sources that are added later take precedence.</param>
    /// <param name="path">The file: lines of <c>key = value</c>. A relative path is relative to the content
    /// root.</param>
    /// <param name="optional">Whether the file may be missing. Default false.</param>
    /// <param name="section">The section its settings appear in; default <c>Kameleoon</c>.</param>
    /// <remarks>
    /// <c>client_id</c>, <c>client_secret</c>, <c>environment</c>, <c>refresh_interval_minute</c>,
    /// <c>session_duration_minute</c>, <c>default_timeout_millisecond</c>, <c>tracking_interval_millisecond</c>,
    /// <c>top_level_domain</c>, <c>proxy_host</c> and <c>network_domain</c> become the settings of the same meaning.
    /// Other keys are ignored. A time that is 0 or below is ignored, and a time that is out of the setting's range becomes the nearest
    /// limit; both are logged as a warning at the start. The site code is not in that file: set <c>Kameleoon:SiteCode</c>.
    /// </remarks>
    /// <exception cref="FileNotFoundException">There is no such file, and it is not optional.</exception>
    /// <exception cref="FormatException">A value is not a number. The message names file, line and key.</exception>
    public static IConfigurationBuilder AddKameleoonProperties(
        this IConfigurationBuilder builder,
        string path = OfficialPath,
        bool optional = false,
        string section = KameleoonOptions.SectionName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(section);
        var source = new OfficialSettingsSource { Path = path, Optional = optional, Section = section };
        source.ResolveFileProvider();
        return builder.Add(source);
    }
}
