using System.Globalization;
using Microsoft.Data.Sqlite;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class StorageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store");

    private string File => Path.Combine(_folder.FullName, "kept", "sandbox.db");

    [Fact]
    public async Task Events_edits_and_maps_are_still_there_after_a_restart()
    {
        await using (var site = await StartAsync())
        {
            await site.FromEngineAsync("anna", Page(), Exposure());
            await site.FromServerAsync(Conversion().Of("anna"));
            using var edit = await site.ControlAsync("PUT", "control/flags/checkout", """{ "enabled": false }""");
            using var map = await site.PostAsync("map/maps", """{"k":{"a":1}}""");
        }

        await using var again = await StartAsync();

        var state = await again.StateAsync();
        state.GetProperty("events").GetArrayLength().ShouldBe(3);
        state.GetProperty("goals")[0].GetProperty("revenue").GetDecimal().ShouldBe(10.5m);
        (await again.TextAsync("v3/s")).ShouldContain("\"environmentEnabled\":false");
        (await again.TextAsync("map/map?key=k")).ShouldBe("""{"a":1}""");
        (await System.IO.File.ReadAllTextAsync(Path.Combine(_folder.FullName, "kept", ".gitignore"))).ShouldBe("*\n");
    }

    [Fact]
    public async Task An_event_that_is_sent_again_after_a_restart_counts_once()
    {
        var line = Exposure().Of("anna");
        await using (var site = await StartAsync())
        {
            await site.FromServerAsync(line);
        }

        await using var again = await StartAsync();
        await again.FromServerAsync(line);

        (await again.StateAsync()).GetProperty("totals").GetProperty("exposures").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_file_stays_below_its_limit_and_loses_the_oldest()
    {
        await using (var site = await StartAsync(limit: 1))
        {
            for (var i = 0; i < 40; i++)
            {
                await site.FromServerAsync(
                    [.. Enumerable.Range(0, 500).Select(_ => Page().Of(i.ToString("D4", CultureInfo.InvariantCulture)))]);
            }
        }

        new FileInfo(File).Length.ShouldBeLessThan(1_400_000);
        await using var again = await StartAsync(limit: 1);
        var codes = (await again.StateAsync()).GetProperty("visitors").EnumerateArray()
            .Select(visitor => visitor.GetProperty("code").GetString()).ToList();
        codes[0].ShouldBe("0039");
        codes.Exists(code => code is "0000").ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_another_sandbox_uses_is_left_alone()
    {
        await using var first = await StartAsync();
        await first.FromEngineAsync("anna", Page());

        await using var second = await StartAsync();
        await second.FromEngineAsync("ben", Page());

        (await second.StateAsync()).GetProperty("sandbox").GetProperty("storage").GetString().ShouldBeNull();
        (await second.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_as_it_is()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000));

        await using var site = await StartAsync();
        using var taken = await site.FromEngineAsync("anna", Page());

        taken.IsSuccessStatusCode.ShouldBeTrue();
        (await System.IO.File.ReadAllTextAsync(File)).ShouldBe(new string('x', 5000));
    }

    [Fact]
    public async Task A_reset_is_kept_too()
    {
        await using (var site = await StartAsync())
        {
            await site.FromEngineAsync("anna", Page());
            using var reset = await site.ControlAsync("POST", "live/reset");
        }

        await using var again = await StartAsync();

        (await again.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_damaged_entry_is_left_out_and_the_others_are_still_there()
    {
        await using (var site = await StartAsync())
        {
            await site.FromEngineAsync("anna", Page());
            await site.FromEngineAsync("ben", Page());
        }

        Execute("UPDATE batches SET time = 9223372036854775807 WHERE id = 1");
        Execute("INSERT INTO settings (key, value) VALUES ('edits', '{')");

        await using var again = await StartAsync();

        (await again.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_forgotten_visitor_is_forgotten_on_disk_too_and_nobody_else()
    {
        await using (var site = await StartAsync())
        {
            await site.FromEngineAsync("anna", Page());
            await site.FromServerAsync(Page().Of("anna"), Page().Of("ben"));
            using var forgotten = await site.PostAsync("visit/forget?siteCode=s", "anna");
        }

        await using var again = await StartAsync();

        (await again.StateAsync()).GetProperty("visitors").EnumerateArray()
            .Select(visitor => visitor.GetProperty("code").GetString()).ShouldBe(["ben"]);
    }

    [Fact]
    public async Task A_forgotten_visitor_does_not_come_back_under_the_identifier_of_the_person()
    {
        await using (var site = await StartAsync())
        {
            await site.FromServerAsync(
                $"eventType=customData&index=3&valuesCountMap=%7B%22user-77%22%3A1%7D&mappingIdentifier=true&nonce={Nonce()}&visitorCode=a1",
                Conversion() + "&mappingValue=user-77",
                Page().Of("ben"));
            using var forgotten = await site.PostAsync("visit/forget?siteCode=s", "a1");
        }

        await using var again = await StartAsync();

        (await again.StateAsync()).GetProperty("visitors").EnumerateArray()
            .Select(visitor => visitor.GetProperty("code").GetString()).ShouldBe(["ben"]);
    }

    [Fact]
    public async Task Maps_are_bounded_and_drive_no_event_out()
    {
        await using (var site = await StartAsync(limit: 1))
        {
            await site.FromEngineAsync("anna", Page());
            for (var i = 0; i < 6; i++)
            {
                using var map = await site.PostAsync($"map/maps?ttlHours={i + 1}", $$$"""{"k{{{i}}}":{"a":"{{{new string('x', 900_000)}}}"}}""");
            }
        }

        await using var again = await StartAsync(limit: 1);

        (await again.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
        (await again.TextAsync("map/map?key=k0")).ShouldBe("{}");
        (await again.TextAsync("map/map?key=k5")).Length.ShouldBeGreaterThan(900_000);
        new FileInfo(File).Length.ShouldBeLessThan(6_000_000);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private Task<SandboxSite> StartAsync(int limit = 16) => SandboxSite.StartAsync(settings:
    [
        ("Kameleoon:Sandbox:Storage", File), ("Kameleoon:Sandbox:StorageLimit", limit.ToString(CultureInfo.InvariantCulture)),
    ]);
}
