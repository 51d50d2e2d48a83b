namespace Kameleoon.Hybrid;

/// <summary>One read operation of the shared store, with the entries that this server wrote while it ran, which it may have
/// missed.</summary>
internal sealed class SharedSessionRead
{
    internal HashSet<(string Code, string Name)> Written { get; } = [];
}
