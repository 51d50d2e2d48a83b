namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>A browser of a walk, and who has it.</summary>
/// <param name="Name">The name, for messages.</param>
/// <param name="Browser">The browser. That of a phone's application keeps no cookie.</param>
/// <param name="Owner">The person, or null for a device that all share.</param>
/// <param name="IsPhone">Whether an application calls the endpoints.</param>
internal sealed record WalkDevice(string Name, WalkBrowser Browser, string? Owner, bool IsPhone)
{
    /// <summary>What the engine of the page that is shown holds until the visitor answers.</summary>
    internal List<(string Code, int Flag, string Variation)> Held { get; } = [];
}
