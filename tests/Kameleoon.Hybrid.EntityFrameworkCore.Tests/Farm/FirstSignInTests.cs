using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Everybody signs in for the first time, on ten devices, at once.</summary>
[Collection(nameof(Databases))]
public sealed class FirstSignInTests(PostgreSqlServer postgres)
{
    private const int Users = 1000;
    private const int Devices = 10;
    private const int AtOnce = 200;

    [Theory]
    [InlineData("PostgreSQL", 2)]
    [InlineData("SQLite", 1)]
    public async Task Ten_thousand_first_sign_ins_of_a_thousand_people_make_a_thousand_codes(string kind, int hosts)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var sites = await Task.WhenAll(Enumerable.Range(0, hosts).Select(_ => IdentitySite.StartAsync(
            database.AddTo,
            options =>
            {
                options.Identity.CacheDuration = TimeSpan.FromMinutes(1);
                options.Identity.Timeout = TimeSpan.FromSeconds(30); // a busy machine is no outage
            })));
        var answers = new (int User, string Code)[Users * Devices];

        // The devices of one person arrive side by side, on all hosts, by a page or by the endpoint of applications.
        await Parallel.ForAsync(0, Users * Devices, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var (user, device) = (i / Devices, i % Devices);
            var site = sites[i % hosts];
            var name = string.Create(CultureInfo.InvariantCulture, $"user-{user}");
            answers[i] = (user, device % 2 == 0
                ? (await site.GoAsync(name, string.Create(CultureInfo.InvariantCulture, $"u{user}d{device}"))).Code
                : await site.VisitorAsync(name));
        });

        var codes = answers.Distinct().ToList();
        codes.Count.ShouldBe(Users);
        codes.Select(answer => answer.Code).Distinct(StringComparer.Ordinal).Count().ShouldBe(Users);
        foreach (var site in sites)
        {
            site.Log.Texts(601).ShouldBeEmpty();
            await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<DeferredLinks>().Count == 0);
        }

        (await CountAsync(database, "merged_into IS NULL")).ShouldBe(Users);
        (await CountAsync(database, "merged_into IS NOT NULL")).ShouldBeLessThanOrEqualTo(Users * (Devices - 1));
        foreach (var (user, code) in codes.Take(50))
        {
            (await sites[^1].VisitorAsync(string.Create(CultureInfo.InvariantCulture, $"user-{user}"))).ShouldBe(code);
        }

        foreach (var site in sites)
        {
            await site.DisposeAsync();
        }
    }

    [Fact]
    public async Task Nothing_in_the_database_tells_who_the_users_are()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.GoAsync("anna@example.com", "annas");
        await site.App.StopAsync();
        SqliteConnection.ClearAllPools();

        var written = string.Concat(Directory.GetFiles(database.Folder!).Select(
            file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));

        written.ShouldContain("annas");
        written.ShouldNotContain("anna@example.com");
    }

    private static async Task<long> CountAsync(Store database, string condition)
    {
        await using System.Data.Common.DbConnection connection = database.IsSqlite
            ? new SqliteConnection(database.Connection)
            : new NpgsqlConnection(database.Connection);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = "SELECT count(*) FROM kameleoon_visitor_links WHERE " + condition;
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
