using System.Reflection;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>The build compares what a package promises with its <c>PublicAPI.*.txt</c>; the rest is here.</summary>
public sealed class PublicApiTests
{
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
}
