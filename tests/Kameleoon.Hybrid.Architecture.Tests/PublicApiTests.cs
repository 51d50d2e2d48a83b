using System.Reflection;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>What a package promises stands in <c>api/</c>, and changes there only on purpose.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [MemberData(nameof(Packages))]
    public async Task The_public_surface_is_the_one_that_was_reviewed(string package)
    {
        var baseline = Path.Combine(Repository.Root, "api", package + ".txt");
        var actual = PublicApi.Render(Repository.PathOf(package));
        if (Environment.GetEnvironmentVariable("ACCEPT_API") is "1")
        {
            await File.WriteAllTextAsync(baseline, actual);
        }

        var reviewed = File.Exists(baseline) ? await File.ReadAllTextAsync(baseline) : "";

        actual.ShouldBe(reviewed, $"{package} promises something else than api/{package}.txt says. If that is intended, "
            + "run the tests once with ACCEPT_API=1, review the difference, and name it in CHANGELOG.md.");
    }

    [Fact]
    public void The_namespace_that_a_page_uses_has_at_most_45_public_types()
    {
        var types = Repository.Packages
            .SelectMany(package => Assembly.LoadFrom(Repository.PathOf(package)).GetExportedTypes())
            .Where(type => type.Namespace is "Kameleoon.Hybrid")
            .Select(type => type.FullName!)
            .Order(StringComparer.Ordinal)
            .ToList();

        types.Contains("Kameleoon.Hybrid.Variation", StringComparer.Ordinal).ShouldBeTrue();
        types.Count.ShouldBeLessThanOrEqualTo(45, string.Join(", ", types));
    }

    public static TheoryData<string> Packages() => [.. Repository.Packages];
}
