namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>No copy in Redis puts a wrong data file in force.</summary>
public sealed class FarmCopyTests : FarmTests
{
    [Fact]
    public async Task A_copy_that_redis_lost_is_stored_again()
    {
        await using var a = await StartAsync();
        await Eventually.IsTrueAsync(() => a.Has("first"));

        await Redis.ExecuteAsync("FLUSHALL");

        await Eventually.IsTrueAsync(async () =>
        {
            await a.Configuration.RefreshAsync();
            return (long)await Redis.ExecuteAsync("EXISTS", Copy()) == 1;
        });
    }

    [Theory]
    [InlineData("HSET", "content", "no data file")]
    [InlineData("HSET", "version", "0123456789abcdef")]
    [InlineData("HSET", "confirmed", "yesterday")]
    [InlineData("SET", "another program")]
    public async Task A_damaged_copy_is_refused_and_replaced(string command, params string[] values)
    {
        await using (var a = await StartAsync())
        {
            await Eventually.IsTrueAsync(() => a.Has("first"));
        }

        await Redis.ExecuteAsync(command, [Copy(), .. values]);
        await using var b = await StartAsync();
        await Eventually.IsTrueAsync(() => b.Has("first"));
        await using var c = await StartAsync();

        await Eventually.IsTrueAsync(() => c.Configuration.Source == DataFileSource.Farm);
        c.Log.Texts(110).ShouldBeEmpty();
        b.Log.Texts(121).ShouldBeEmpty();
        b.Log.Texts(110).Count().ShouldBe(values is ["confirmed", ..] ? 0 : 1);
    }

    [Fact]
    public async Task A_copy_of_another_environment_is_refused_and_no_server_shares_with_another_environment()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync(static options => options.Environment = "staging");
        await Eventually.IsTrueAsync(() => a.Has("first") && b.Has("first"));
        (a.Role, b.Role).ShouldBe((FarmRole.Holder, FarmRole.Holder));
        ((long)await Redis.ExecuteAsync("EXISTS", Copy(), Copy("staging"), Lease)).ShouldBe(3);

        await Redis.ExecuteAsync("COPY", Copy("staging"), Copy(), "REPLACE");
        await using var c = await StartAsync();

        await Eventually.IsTrueAsync(() => c.Log.Texts(110).Any(static text => text.Contains("another data file", StringComparison.Ordinal)));
        c.Has("first").ShouldBeTrue();
    }

    [Fact]
    public async Task An_older_copy_never_replaces_a_newer_one_in_force()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await Eventually.IsTrueAsync(() => b.Has("first"));
        var old = await Redis.ExecuteAsync("DUMP", Copy());
        Platform.Serve(FarmPlatform.With("second", 1));
        await a.Configuration.RefreshAsync();
        await Eventually.IsTrueAsync(() => b.Has("second"));

        await Redis.ExecuteAsync("RESTORE", Copy(), 0, (byte[])old!, "REPLACE");
        var received = await b.Services.GetRequiredService<FarmDataFileSource>().FetchAsync(new(), default);

        received.Source.ShouldBe(DataFileSource.Farm);
        received.Json.ShouldBeNull();
        b.Has("second").ShouldBeTrue();
    }
}
