using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Settings of the sandbox, read from the section <c>Kameleoon:Sandbox</c>.</summary>
public sealed class KameleoonSandboxOptions
{
    /// <summary>The configuration section the settings are read from.</summary>
    public const string SectionName = "Kameleoon:Sandbox";

    /// <summary>Whether the sandbox is enabled. Null, the default, means only in the Development environment.</summary>
    public bool? Enabled { get; set; }

    /// <summary>The project to serve, absolute or relative to the content root: a project of the sandbox, or a data file
    /// of the platform. Default <c>kameleoon.json</c>.</summary>
    /// <remarks>It is read at every request: an edit takes effect at once, and the file may be created later. While it
    /// has mistakes, the last good one stays in force.</remarks>
    public string DataFile { get; set; } = "kameleoon.json";

    /// <summary>The SQLite file that stores received events and edits, absolute or relative to the content root.
    /// Default
    /// <c>.kameleoon/sandbox.db</c>; empty keeps everything in memory, which is best for tests.</summary>
    /// <remarks>A file that another process uses is not opened; a warning is logged.</remarks>
    public string Storage { get; set; } = ".kameleoon/sandbox.db";

    /// <summary>The maximum size of the file in megabytes, 1 to 1024. Beyond it the oldest events are deleted. Default
    /// 16.</summary>
    public int StorageLimit { get; set; } = 16;

    /// <summary>Whether bots are answered 403, as the platform does; the user agent decides. Default false, because the
    /// user agents of test browsers look like bots.</summary>
    public bool RefuseBots { get; set; }

    /// <summary>Whether requests of servers require an access token, and get 401 without one. Default false.</summary>
    public bool RequireToken { get; set; }

    /// <summary>The client id that <c>/oauth/token</c> accepts; others get 401 <c>invalid_client</c>. Default empty:
    /// credentials are not checked.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The secret of <see cref="ClientId"/>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>How long an access token is valid, 1 second to 1 day. Default 2 hours.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The only site whose data file and engine are served; for others they are 404. Default empty: they are served
    /// for every site code.</summary>
    public string SiteCode { get; set; } = "";

    /// <summary>Further hosts under which the live page and the control endpoints answer, separated by semicolons, in the
    /// form of <c>AllowedHosts</c>: <c>sandbox.example;*.test</c>, or <c>*</c> for all. Default empty: only
    /// <c>localhost</c>, names below it, and loopback addresses.</summary>
    /// <remarks>Any name can lead to this machine, also that of another site, whose pages could then read and change
    /// everything here.</remarks>
    public string AllowedHosts { get; set; } = "";

    /// <summary>How long browsers may keep the engine's files without asking, from 0 to a day. Default 0, so that a change
    /// of the project is seen at once; 90 minutes is what the platform says.</summary>
    public TimeSpan EngineMaxAge { get; set; }

    /// <summary>Whether the engine reports its steps to the live page, for example why it aborted. Default false,
    /// because these requests are also sent before consent and after an abort, which the platform's engine never
    /// does.</summary>
    public bool EngineSteps { get; set; }

    internal bool IsEnabledIn(IHostEnvironment environment) => Enabled ?? environment.IsDevelopment();
}
