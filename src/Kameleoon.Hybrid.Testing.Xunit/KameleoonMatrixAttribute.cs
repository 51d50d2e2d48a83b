using System.Reflection;
using Xunit.Sdk;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Runs a theory for every combination of variations that visitors can get. The theory has one parameter, a
/// <see cref="KameleoonCombination"/>.</summary>
/// <param name="flags">The keys of the flags.</param>
/// <remarks><see cref="KameleoonMatrix"/> says which combinations there are.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KameleoonMatrixAttribute(params string[] flags) : DataAttribute
{
    /// <summary>The keys of the flags.</summary>
    public IReadOnlyList<string> Flags => flags;

    /// <summary>The project, absolute or relative to the folder of the test's assembly: the file that
    /// <c>UseKameleoonSandbox</c> names. Default <c>kameleoon.json</c>.</summary>
    public string Project { get; set; } = "kameleoon.json";

    /// <summary>The environment; null, the default, means <c>production</c>.</summary>
    public string? Environment { get; set; }

    /// <summary>The number of combinations above which only pairs are covered. Default 64; at least 1.</summary>
    public int Limit { get; set; } = KameleoonMatrix.DefaultLimit;

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var file = Path.GetFullPath(Project, AppContext.BaseDirectory);
        return KameleoonMatrix.Of(File.ReadAllBytes(file), flags, Environment, Limit)
            .Select(static combination => (object[])[combination]);
    }
}
