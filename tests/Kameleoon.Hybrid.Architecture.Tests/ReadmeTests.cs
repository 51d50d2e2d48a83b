namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Code that the README tells a stranger to type is code that the build compiles.</summary>
public sealed class ReadmeTests
{
    [Theory]
    [InlineData("Program.cs")]
    [InlineData("appsettings.json")]
    [InlineData("kameleoon.json")]
    [InlineData("Pages/Index.cshtml")]
    [InlineData("Pages/Index.cshtml.cs")]
    public async Task The_quick_start_stands_in_the_readme_and_the_tutorial_as_it_is_compiled(string file)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var tutorial = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "tutorials", "first-experiment.md"));
        var sample = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "QuickStart", file));

        sample.ShouldNotBeEmpty();
        readme.ShouldContain("\n" + sample.TrimEnd() + "\n```");
        tutorial.ShouldContain("\n" + sample.TrimEnd() + "\n```");
    }
}
