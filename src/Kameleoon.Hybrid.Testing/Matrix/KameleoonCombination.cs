using Microsoft.AspNetCore.Mvc.Testing;

namespace Kameleoon.Hybrid.Testing;

/// <summary>A combination of variations that a visitor can get, with a visitor who can get it. Immutable.</summary>
public sealed class KameleoonCombination
{
    internal KameleoonCombination(IReadOnlyDictionary<string, string> variations, string visitorCode) =>
        (Variations, VisitorCode) = (variations, visitorCode);

    /// <summary>The key of the variation of each flag.</summary>
    public IReadOnlyDictionary<string, string> Variations { get; }

    /// <summary>The visitor code. Each combination of a matrix has another.</summary>
    public string VisitorCode { get; }

    /// <summary>Forces the variations for the visitor, and returns a client of this visitor.</summary>
    /// <param name="factory">The application, with the sandbox and the project of the matrix.</param>
    /// <param name="cancellationToken">Cancels the wait for the change.</param>
    public async Task<HttpClient> CreateClientAsync<TEntryPoint>(
        WebApplicationFactory<TEntryPoint> factory, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        await factory.ChangeAsync(Force, cancellationToken);
        return factory.CreateClientOf(VisitorCode);
    }

    /// <summary>For example <c>checkout=one-page, search=off</c>.</summary>
    public override string ToString() => string.Join(", ", Variations.Select(static one => $"{one.Key}={one.Value}"));

    internal void Force(Sandbox.KameleoonSandbox sandbox)
    {
        foreach (var (flag, variation) in Variations)
        {
            sandbox.ForceVariation(flag, variation, VisitorCode);
        }
    }
}
