namespace Kameleoon.Hybrid.Sandbox.Host;

/// <summary>What was given on the command line; null where an option was left out.</summary>
/// <param name="Project">The full path of the file to serve.</param>
/// <param name="Port">The port on 127.0.0.1; 0 for a free one.</param>
/// <param name="Storage">The full path of the file that keeps events and edits.</param>
internal sealed record SandboxArguments(string? Project, int? Port, string? Storage);
