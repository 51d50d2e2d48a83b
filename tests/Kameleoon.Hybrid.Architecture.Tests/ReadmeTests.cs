namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>What the README tells a stranger to type is a sample that the build compiles.</summary>
public sealed class ReadmeTests
{
    [Theory]
    [InlineData("Program.cs")]
    [InlineData("appsettings.json")]
    [InlineData("kameleoon.json")]
    [InlineData("Pages/Index.cshtml")]
    [InlineData("Pages/Index.cshtml.cs")]
    public async Task The_quick_start_stands_in_the_readme_as_it_is_compiled(string file)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var sample = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "QuickStart", file));

        sample.ShouldNotBeEmpty();
        readme.ShouldContain("\n" + sample.TrimEnd() + "\n```");
    }
}
