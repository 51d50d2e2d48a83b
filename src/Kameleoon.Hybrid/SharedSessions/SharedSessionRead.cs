namespace Kameleoon.Hybrid;

/// <summary>A reading of the shared store, and what this server wrote there meanwhile, which it may not have seen.</summary>
internal sealed class SharedSessionRead
{
    internal HashSet<(string Code, string Name)> Written { get; } = [];
}
