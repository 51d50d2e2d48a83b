namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Who creates the tables.</summary>
[Collection(nameof(Databases))]
public sealed class SchemaTests(PostgreSqlServer postgres)
{
    // As the guide prints it.
    private static string Script { get; } = ReadScript();

    [Fact]
    public void The_script_of_the_guide_is_the_library_s() =>
        Script.ReplaceLineEndings("\n").ShouldBe(Schema.Script.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Tables_that_the_library_must_not_create_are_the_application_s_to_create(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var site = await IdentitySite.StartAsync(kameleoon => database.IsSqlite
            ? kameleoon.AddSqliteStore(database.Connection, createSchema: false)
            : kameleoon.AddPostgreSqlStore(database.Connection, createSchema: false));
        (await site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", "anna")).Status.ShouldBe(503);

        await database.ExecuteAsync(Script);

        await Eventually.IsTrueAsync(async () => (await site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", "anna")).Status == 200);
    }

    private static string ReadScript()
    {
        var guide = File.ReadAllText(Path.Combine(HostProcess.Sample, "..", "..", "docs", "reference", "tables.md"));
        return guide.Split("```sql\n")[1].Split("\n```")[0];
    }
}
