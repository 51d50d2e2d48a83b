using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A database that is full, read-only, damaged or locked is reported at once, with its file, and pages go on.</summary>
[Collection(nameof(Databases))]
public sealed class UnusableDatabaseTests(PostgreSqlServer postgres)
{
    private const string Bought = """{"events":[{"type":"conversion","goalId":3001,"revenue":19.90}]}""";

    private int _sent;

    [Fact]
    public async Task A_database_that_may_not_grow_is_unhealthy_at_the_first_write_and_pages_go_on()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var limit = new PageLimit();
        await using var site = await StartAsync(database, services =>
            services.ConfigureDbContext<KameleoonDbContext>(options => options.AddInterceptors(limit)));
        (await SendAsync(site, "small", 1)).ShouldBe(202);

        limit.HasRoom = false;
        await FillAsync(site);

        await IsUnusableAsync(site, "Free disk space.", database);
    }

    [Fact]
    public async Task A_database_that_has_room_again_is_healthy_without_a_new_user()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var limit = new PageLimit();
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon),
            Offline,
            services: services => services.ConfigureDbContext<KameleoonDbContext>(options => options.AddInterceptors(limit)));
        limit.HasRoom = false;
        for (var user = 0; await VisitAsync(site, user) == 200; user++)
        {
            user.ShouldBeLessThan(10_000);
        }

        (await IsUnhealthyAsync(site)).ShouldBeTrue();

        limit.HasRoom = true;

        await Eventually.IsTrueAsync(async () => !await IsUnhealthyAsync(site));
        (await VisitAsync(site, 20_000)).ShouldBe(200);
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_links WHERE user_key = ''")).ShouldBe(0);
    }

    [SmallDiskFact]
    public async Task A_database_on_a_full_disk_is_unhealthy_at_the_first_write_and_pages_go_on()
    {
        using var disk = SmallDisk.Mount();
        await using var site = await IdentitySite.StartAsync(
            kameleoon => kameleoon.AddSqliteStore(FileOn(disk)).AddSharedSessions().AddTrackingOutbox(),
            Offline,
            services: static services => services.AddHealthChecks().AddKameleoonTracking());

        // SQLite frees space when its last connection is closed: a write after the one that failed may find room.
        await Eventually.IsTrueAsync(async () =>
        {
            await FillAsync(site);
            return await IsUnhealthyAsync(site);
        });
        HasLogged(site, "Free disk space.", database: null);
        await PagesGoOnAsync(site);
    }

    [SmallDiskFact]
    public async Task A_database_on_a_disk_that_becomes_read_only_is_unhealthy_at_the_first_write()
    {
        using var disk = SmallDisk.Mount();
        await using (await IdentitySite.StartAsync(kameleoon => kameleoon.AddSqliteStore(FileOn(disk)), Offline))
        {
            // Creates the tables.
        }

        disk.MakeReadOnly();
        await using var site = await IdentitySite.StartAsync(
            kameleoon => kameleoon.AddSqliteStore(FileOn(disk)).AddTrackingOutbox(), Offline,
            services: static services => services.AddHealthChecks().AddKameleoonTracking());

        (await SendAsync(site, "anna", 1)).ShouldBe(503);

        await IsUnusableAsync(site, "It is read-only.", database: null);
    }

    [Fact]
    public async Task A_read_only_database_is_unhealthy_at_the_first_write_and_pages_go_on()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using (await StartAsync(database))
        {
            // Creates the tables.
        }

        await using var site = await IdentitySite.StartAsync(
            kameleoon => kameleoon.AddSqliteStore(database.Connection + ";Mode=ReadOnly").AddTrackingOutbox(), Offline,
            services: static services => services.AddHealthChecks().AddKameleoonTracking());

        (await SendAsync(site, "anna", 1)).ShouldBe(503);

        await IsUnusableAsync(site, "It is read-only.", database);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(4096, 8192)]
    public async Task A_damaged_database_is_noticed_at_the_start_and_pages_go_on(int from, int length)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using (await StartAsync(database))
        {
            // Creates the tables.
        }

        await database.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        await using (var file = File.OpenWrite(Path.Combine(database.Folder!, "links.db")))
        {
            file.Position = from;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5A, length).ToArray());
        }

        await using var site = await StartAsync(database);

        site.Log.Texts(611).ShouldHaveSingleItem().ShouldContain("links.db");
        (await SendAsync(site, "anna", 1)).ShouldBe(503);
        await IsUnusableAsync(site, "It is damaged.", database);
    }

    [Fact]
    public async Task A_locked_database_confirms_nothing_and_works_again_when_it_is_free()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database, options: static options => options.Identity.Timeout = TimeSpan.FromSeconds(1));
        (await SendAsync(site, "anna", 1)).ShouldBe(202);
        await using var other = new SqliteConnection(database.Connection + ";Pooling=False");
        await other.OpenAsync();
        await using (await other.BeginTransactionAsync())
        {
            (await SendAsync(site, "anna", 2)).ShouldBe(503);
            (await site.GoAsync(code: "bert")).Code.ShouldBe("bert");
        }

        await Eventually.IsTrueAsync(async () => await SendAsync(site, "anna", 2) == 202);
        (await IsUnhealthyAsync(site)).ShouldBeFalse();
    }

    private static async Task IsUnusableAsync(IdentitySite site, string remedy, Store? database)
    {
        await Eventually.IsTrueAsync(() => IsUnhealthyAsync(site));
        HasLogged(site, remedy, database);
        await PagesGoOnAsync(site);
    }

    private static void HasLogged(IdentitySite site, string remedy, Store? database)
    {
        var line = site.Log.Texts(611).ShouldHaveSingleItem();
        line.ShouldContain(remedy, Case.Sensitive);
        line.ShouldContain(database is null ? "links.db" : Path.Combine(database.Folder!, "links.db"));
    }

    private static async Task PagesGoOnAsync(IdentitySite site) =>
        (await site.GoAsync("carl", "carls")).Code.ShouldBe("carls");

    private static async Task<bool> IsUnhealthyAsync(IdentitySite site)
    {
        using var response = await site.Http.GetAsync(new Uri("/health", UriKind.Relative));
        return string.Equals(await response.Content.ReadAsStringAsync(), "Unhealthy", StringComparison.Ordinal);
    }

    private static async Task<int> VisitAsync(IdentitySite site, int user) => (await site.SendAsync(
        HttpMethod.Get, "/kameleoon/visitor", string.Create(CultureInfo.InvariantCulture, $"{user}-{new string('u', 900)}"))).Status;

    /// <summary>Sends events until they cannot be stored any more.</summary>
    private async Task FillAsync(IdentitySite site)
    {
        while (await SendAsync(site, "anna", 100 + _sent) == 202)
        {
            (++_sent).ShouldBeLessThan(10_000);
        }
    }

    private static Task<IdentitySite> StartAsync(
        Store database, Action<IServiceCollection>? services = null, Action<KameleoonOptions>? options = null) =>
        IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddSharedSessions().AddTrackingOutbox(),
            settings =>
            {
                Offline(settings);
                options?.Invoke(settings);
            },
            services: added =>
            {
                added.AddHealthChecks().AddKameleoonTracking();
                services?.Invoke(added);
            });

    private static void Offline(KameleoonOptions options)
    {
        options.Resilience.Tracking.Retries = 0;
        options.StopTimeout = TimeSpan.Zero;
    }

    private static async Task<int> SendAsync(IdentitySite site, string user, int number) => (await site.SendAsync(
        HttpMethod.Post, "/kameleoon/events", user, Bought, code: user + "s", key: $"order-{number}")).Status;

    private static string FileOn(SmallDisk disk) => $"Data Source={Path.Combine(disk.Folder, "links.db")};Pooling=False";

    /// <summary>Limits the size of the file.</summary>
    private sealed class PageLimit : DbCommandInterceptor
    {
        /// <summary>Whether the file may grow; null leaves it as it is.</summary>
        internal bool? HasRoom { get; set; }

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (HasRoom is { } hasRoom)
            {
                await using var limit = command.Connection!.CreateCommand();
                limit.Transaction = command.Transaction;

                // SQLite takes the present size where that is larger.
#pragma warning disable CA2100 // Both texts are constant.
                limit.CommandText = hasRoom ? "PRAGMA max_page_count = 1000000" : "PRAGMA max_page_count = 1";
#pragma warning restore CA2100
                await limit.ExecuteNonQueryAsync(cancellationToken);
            }

            return result;
        }
    }
}
