namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What was said here while the shared store was read is newer than what it said.</summary>
[Collection(nameof(Databases))]
public sealed class StaleReadTests(PostgreSqlServer postgres)
{
    [Fact]
    public async Task An_answer_that_is_old_when_it_arrives_does_not_undo_what_was_said_and_written_meanwhile()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddSharedSessions(),
            options => options.SharedSessions.Timeout = TimeSpan.FromSeconds(30),
            services: services => services.AddSingleton<IVisitorSessionStore>(provider =>
                new SlowStore(ActivatorUtilities.CreateInstance<VisitorSessionStore>(provider))));
        var store = (SlowStore)site.App.Services.GetRequiredService<IVisitorSessionStore>();
        await site.Identity.GetVisitorCodeAsync("anna");
        await database.ExecuteAsync(
            """
            INSERT INTO kameleoon_visitor_sessions VALUES
            ('abcde12345', 'berts', 'data:4', '["silver"]', 'another', unixepoch('now') * 1000, unixepoch('now') * 1000)
            """);

        var page = site.GoAsync(code: "berts");
        await store.HasRead.Task;
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("berts").AddData(new CustomData(4, "gold"));
        var writes = site.App.Services.GetRequiredService<SharedSessionWrites>();
        await Eventually.IsTrueAsync(() => writes.Count == 0);
        store.GoOn.SetResult();
        await page;

        site.App.Services.GetRequiredService<VisitorStore>().Peek("berts")!.Record.Known.CustomData.Find(4).ShouldBe(["gold"]);
    }

    private sealed class SlowStore(VisitorSessionStore database) : IVisitorSessionStore
    {
        internal TaskCompletionSource HasRead { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(string visitorCode, CancellationToken cancellationToken)
        {
            var found = await database.FindAsync(visitorCode, cancellationToken);
            if (visitorCode == "berts")
            {
                HasRead.TrySetResult();
                await GoOn.Task;
            }

            return found;
        }

        public ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken) =>
            database.SaveAsync(entries, cancellationToken);

        public ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken) =>
            database.ProlongAsync(visitorCodes, cancellationToken);

        public ValueTask<VisitorSessionChanges> ReadChangesAsync(TimeSpan within, string? after, CancellationToken cancellationToken) =>
            database.ReadChangesAsync(within, after, cancellationToken);

        public ValueTask DeleteExpiredAsync(CancellationToken cancellationToken) => database.DeleteExpiredAsync(cancellationToken);
    }
}
