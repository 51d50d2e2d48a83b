namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Random walks of persons over two servers that share sessions and links. Each seed has settings of its own.</summary>
[Collection(nameof(Databases))]
public sealed class FarmWalkTests(PostgreSqlServer postgres)
{
    private const int Steps = 150;

    [Theory]
    [InlineData("SQLite", 16)]
    [InlineData("SQLite", 57)]
    [InlineData("SQLite", 103)]
    [InlineData("PostgreSQL", 188)]
    public async Task What_persons_see_and_buy_on_several_devices_is_reported_once_by_whichever_server(string kind, int seed)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var row = WalkRow.Of(seed);
        await using var farm = await WalkFarm.StartAsync(database, row);

        await new FarmWalk(farm, row).RunAsync(Steps);
    }
}
