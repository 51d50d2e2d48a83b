using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Collects the mistakes of a project, so that a person can correct all of them at once.</summary>
internal sealed class Mistakes
{
    private const int Max = 20;

    private readonly List<Mistake> _found = [];

    internal IReadOnlyList<Mistake> Found => _found;

    internal void Add(SourceNode node, string reason)
    {
        if (_found.Count < Max)
        {
            _found.Add(new Mistake(node.Line, node.Path, reason));
        }
    }
}

/// <summary>One mistake in a project.</summary>
/// <param name="Line">The line, from 1; 0 when it is the whole document.</param>
/// <param name="Path">The member, as <c>flags.checkout.default</c>.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record Mistake(int Line, string Path, string Reason)
{
    /// <summary>All of it in one sentence.</summary>
    [JsonIgnore]
    internal string Sentence => Line == 0 ? Reason
        : Path.Length == 0 ? $"Line {Line}: {Reason}"
        : $"Line {Line}, {Path}: {Reason}";
}

/// <summary>A project with mistakes.</summary>
#pragma warning disable CA1032, CA1064 // Only the reader throws it, and only with mistakes.
internal sealed class ProjectException(IReadOnlyList<Mistake> mistakes) : Exception(mistakes[0].Sentence)
#pragma warning restore CA1032, CA1064
{
    internal IReadOnlyList<Mistake> Mistakes { get; } = mistakes;
}
