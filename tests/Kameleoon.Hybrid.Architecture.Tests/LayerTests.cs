using Kameleoon.Hybrid.Architecture.Tests.Sources;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>The layers that docs/architecture.md draws, read from the sources.</summary>
public sealed class LayerTests
{
    public static TheoryData<string> Projects() => [.. Layers.Of.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_a_layer(string project)
    {
        ProjectSources.Of(project).Folders().ShouldBe(Folders(project).Select(static row => row.Folder), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_mentions_only_folders_of_the_layers_below(string project)
    {
        var layers = Folders(project).ToDictionary(static row => row.Folder, static row => row.Layer, StringComparer.Ordinal);

        ProjectSources.Of(project).Mentions
            .Where(mention => layers[mention.To] <= layers[mention.From])
            .Select(static mention => mention.ToString())
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_of_the_architecture_has_every_folder_of_the_library_in_its_layer()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var rows = page.Split("\n### Folders of `Kameleoon.Hybrid`\n")[1].Split("\n### ")[0].Split('\n')
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length > 2 && cells[2].StartsWith('`'))
            .Select(static cells => $"{cells[1]} {cells[2].Trim('`')}");
        var layers = Layers.Of["Kameleoon.Hybrid"];

        rows.ShouldBe(
            layers.SelectMany((line, i) => line.Split(", ").Select(folder => $"{layers.Length - i} {folder}")),
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("Decisions")]
    [InlineData("EntityFrameworkCore")]
    [InlineData("Redis")]
    [InlineData("Sandbox")]
    public async Task The_page_of_the_architecture_has_every_folder_of_the_other_projects(string project)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var row = page.Split("\n### Folders of the other projects\n")[1].Split('\n')
            .Single(line => line.StartsWith($"| `{project}` |", StringComparison.Ordinal));

        Folders("Kameleoon.Hybrid." + project).Select(static place => place.Folder).Where(static folder => folder.Length > 0)
            .ShouldAllBe(folder => row.Contains($"`{folder}`"));
    }

    [Fact]
    public void Settings_mention_no_other_folder_and_no_folder_mentions_the_setup()
    {
        var mentions = Layers.Of.Keys.SelectMany(static project => ProjectSources.Of(project).Mentions).ToArray();

        mentions.ShouldNotBeEmpty();
        mentions.ShouldNotContain(static mention => mention.From == "Settings");
        mentions.ShouldNotContain(static mention => mention.To == "Setup");
    }

    [Fact]
    public void Tracking_never_knows_requests()
    {
        ProjectSources.Of("Kameleoon.Hybrid").Mentions
            .ShouldNotContain(static mention => mention.From == "Tracking" && mention.To == "Requests");
    }

    // Layers are numbered from the top: a mention that points down goes to a greater number.
    private static IEnumerable<(string Folder, int Layer)> Folders(string project) => Layers.Of[project]
        .SelectMany(static (row, layer) => row.Split(", ").Select(folder => (folder, layer)));
}
