using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Settings of the sandbox, read from the section <c>Kameleoon:Sandbox</c>.</summary>
public sealed class KameleoonSandboxOptions
{
    /// <summary>The configuration section the settings are read from.</summary>
    public const string SectionName = "Kameleoon:Sandbox";

    /// <summary>Whether the sandbox answers. Null, the default, means only in the Development environment.</summary>
    public bool? Enabled { get; set; }

    /// <summary>The data file to serve, absolute or relative to the content root. Default <c>kameleoon.json</c>.
    /// </summary>
    /// <remarks>It is read at every request: an edit takes effect at once, and the file may be created later.</remarks>
    public string DataFile { get; set; } = "kameleoon.json";

    internal bool IsEnabledIn(IHostEnvironment environment) => Enabled ?? environment.IsDevelopment();
}
