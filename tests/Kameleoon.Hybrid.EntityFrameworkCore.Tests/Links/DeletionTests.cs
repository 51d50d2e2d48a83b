using Npgsql;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>A person is deleted while other requests link and delete the same person.</summary>
[Collection(nameof(Databases))]
public sealed class DeletionTests(PostgreSqlServer postgres)
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Who_is_forgotten_while_their_devices_sign_in_leaves_no_history_without_a_code()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var services = Services(database);
        var store = services.GetRequiredService<IVisitorLinkStore>();
        await store.FindAsync("anna", default);

        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            await store.LinkAsync("anna", $"a{i}", Noon, default);
            if (i % 10 == 0)
            {
                await store.ForgetAsync("anna", default);
            }
        });

        (await database.ExecuteAsync(
            """
            SELECT count(*) FROM kameleoon_visitor_links one WHERE merged_into IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM kameleoon_visitor_links own WHERE own.visitor_code = one.merged_into AND own.merged_into IS NULL)
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task Two_deletions_of_one_person_wait_for_each_other()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var services = Services(database);
        var store = services.GetRequiredService<IVisitorLinkStore>();
        await store.LinkAsync("anna", "a1", Noon, default);
        await store.LinkAsync("anna", "a2", Noon, default);
        await using var reader = new NpgsqlConnection(database.Connection);
        await reader.OpenAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand(
            "SELECT 1 FROM kameleoon_visitor_links WHERE visitor_code = 'a2' FOR UPDATE", reader, reading);
        await hold.ExecuteScalarAsync();

        var deletions = Task.WhenAll(store.ForgetAsync("anna", default).AsTask(), store.ForgetAsync("anna", default).AsTask());
        await Eventually.IsTrueAsync(async () => await database.ExecuteAsync(
            """
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """) == 1);
        await reading.RollbackAsync();

        (await deletions).SelectMany(codes => codes).Order(StringComparer.Ordinal).ShouldBe(["a1", "a2"]);
    }

    private static ServiceProvider Services(Store database)
    {
        var services = new ServiceCollection();
        database.AddTo(services.AddLogging().AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.Identity.StorePlainUserIds = true;
            options.Identity.Timeout = TimeSpan.FromSeconds(30); // a busy machine is no outage
        }));
        return services.BuildServiceProvider();
    }
}
