using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What was good before a restart decides until the platform answers.</summary>
public sealed class LastGoodCopyTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copy");
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_restart_during_an_outage_decides_by_the_last_good_copy_and_tells_its_age()
    {
        await RunOnceAsync();
        _clock.Advance(TimeSpan.FromHours(3));

        await using var site = await StartAsync(Dead());

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        site.Configuration.Source.ShouldBe(DataFileSource.LastGoodCopy);
        site.Configuration.Age.ShouldBe(TimeSpan.FromHours(3));
        site.Metrics.Observe("kameleoon.configuration.age").ShouldBe(TimeSpan.FromHours(3).TotalSeconds);
        site.Log.Texts(109).ShouldHaveSingleItem().ShouldContain("03:00:00");
    }

    [Fact]
    public async Task A_platform_that_does_not_answer_delays_the_start_by_a_second_where_there_is_a_copy()
    {
        await RunOnceAsync();
        var silent = new StubPlatform
        {
            DataFile = _ => new HttpResponseMessage { Content = new StreamContent(new StalledStream()) },
        };

        await using var site = await StartAsASecondPassesAsync(silent);

        silent.Requests.ShouldHaveSingleItem();
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Fact]
    public async Task The_copy_is_asked_about_conditionally_and_counts_as_current_when_it_is()
    {
        await RunOnceAsync();
        var platform = new StubPlatform { DataFile = _ => new HttpResponseMessage(HttpStatusCode.NotModified) };

        await using var site = await StartAsync(platform);

        platform.Requests.First().Headers["If-Modified-Since"].ShouldBe("Thu, 01 Jan 2026 10:00:00 GMT");
        site.Configuration.Source.ShouldBe(DataFileSource.Polling);
        site.Configuration.Age.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_confirmation_makes_the_copy_young_again()
    {
        var start = _clock.GetUtcNow();
        var platform = new StubPlatform
        {
            DataFile = request => request.Headers.Contains("If-Modified-Since")
                ? new HttpResponseMessage(HttpStatusCode.NotModified)
                : Good(),
        };
        TimeSpan? age;
        await using (var site = await StartAsync(platform))
        {
            await site.RefreshAsync(TimeSpan.FromHours(2));
            age = site.Configuration.Age;

            // A refresh is counted before its copy is confirmed.
            await Eventually.IsTrueAsync(() => _folder.GetFiles().Single().LastWriteTimeUtc > start.UtcDateTime);
            await site.App.StopAsync();
        }

        await using var again = await StartAsync(Dead());

        again.Configuration.Age.ShouldBe(age);
        (_clock.GetUtcNow() - age).ShouldNotBeNull().ShouldBeGreaterThan(start);
    }

    [Fact]
    public async Task A_copy_that_was_confirmed_in_the_future_is_confirmed_again_once_the_clock_is_set_back()
    {
        var platform = new StubPlatform
        {
            DataFile = request => request.Headers.Contains("If-Modified-Since")
                ? new HttpResponseMessage(HttpStatusCode.NotModified)
                : Good(),
        };
        _clock.Step = TimeSpan.FromHours(5);
        await using var site = await StartAsync(platform);
        await Eventually.IsTrueAsync(() => Copies(site, "written") > 0);
        _clock.Step = TimeSpan.Zero;

        await site.RefreshAsync(TimeSpan.FromHours(2));

        await Eventually.IsTrueAsync(() => _folder.GetFiles().Single().LastWriteTimeUtc <= _clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task A_copy_that_is_deleted_is_written_again_although_the_data_file_does_not_change()
    {
        var platform = new StubPlatform
        {
            DataFile = request => request.Headers.Contains("If-Modified-Since")
                ? new HttpResponseMessage(HttpStatusCode.NotModified)
                : Good(),
        };
        await using var site = await StartAsync(platform);
        await Eventually.IsTrueAsync(() => Copies(site, "written") == 1);
        _folder.GetFiles().Single().Delete();

        await site.RefreshAsync(TimeSpan.FromHours(1));
        await Eventually.IsTrueAsync(() => Copies(site, "unwritable") == 1);
        await site.RefreshAsync(TimeSpan.FromHours(1));
        await Eventually.IsTrueAsync(() => Copies(site, "written") == 2);
        await site.RefreshAsync(TimeSpan.FromHours(1));

        _folder.GetFiles().ShouldHaveSingleItem();
        platform.Requests.Count(static sent => !sent.Headers.ContainsKey("If-Modified-Since")).ShouldBe(2);
        site.Log.Texts(117).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Another_data_file_replaces_the_copy_and_a_bad_one_does_not()
    {
        await RunOnceAsync();
        await RunOnceAsync("""{"featureFlags":[],"configuration":{}}""");
        await RunOnceAsync("{}");

        await using var site = await StartAsync(Dead());

        site.Configuration.DataFile!.Flags.ShouldBeEmpty();
        _folder.GetFiles().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("")]
    [InlineData("kameleoon-data-file 1\tabc\t\n{}")]
    [InlineData("something else")]
    [InlineData(null)]
    public async Task A_damaged_copy_is_not_used_and_replaced(string? damage)
    {
        await RunOnceAsync();
        var file = _folder.GetFiles().Single().FullName;
        var whole = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, damage ?? whole.Replace("\"checkout\"", "\"checkin\"", StringComparison.Ordinal));

        await using (var site = await StartAsync(Dead()))
        {
            (await site.ReadAsync("/decide/checkout")).ShouldBe("off");
            site.Log.Texts(110).ShouldHaveSingleItem().ShouldContain("damaged");
        }

        await RunOnceAsync();
        (await File.ReadAllTextAsync(file)).ShouldBe(whole);
    }

    [Fact]
    public async Task Another_environment_has_another_copy()
    {
        await RunOnceAsync();

        await using var site = await StartAsync(Dead(), options => options.Environment = "staging");

        site.Configuration.DataFile.ShouldBeNull();
    }

    [Fact]
    public async Task Where_nothing_can_be_written_memory_is_enough_and_the_log_says_so_once()
    {
        var blocked = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(blocked, "");
        var number = 0;
        var platform = new StubPlatform { DataFile = _ => StubPlatform.Json(SandboxedSite.Edit(number++)) };
        await using var site = await StartAsync(platform, options =>
        {
            options.RefreshInterval = Minute;
            options.Configuration.LastGoodCopyFolder = Path.Combine(blocked, "below");
        });

        await site.RefreshAsync(Minute);
        await site.RefreshAsync(Minute);

        // A refresh is counted before its copy is written.
        await Eventually.IsTrueAsync(() => Copies(site, "unwritable") >= 3);
        site.Has(edit: 2).ShouldBeTrue();
        site.Log.Texts(111).ShouldHaveSingleItem().ShouldContain("Kameleoon:Configuration:LastGoodCopyFolder");
        Copies(site, "unwritable").ShouldBe(3);
    }

    [Fact]
    public void The_default_folder_can_be_written_by_this_user_alone()
    {
        var folder = LastGoodCopyFolder.Find(configured: null);

        Directory.Exists(folder).ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
        {
            (File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)).ShouldBe(UnixFileMode.None);
        }
    }

    private static HttpResponseMessage Good() =>
        StubPlatform.Json(DataFiles.Shop, new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero));

    private static StubPlatform Dead() => new() { DataFile = _ => new HttpResponseMessage(HttpStatusCode.Forbidden) };

    private async Task RunOnceAsync(string? dataFile = null)
    {
        var platform = new StubPlatform { DataFile = _ => dataFile is null ? Good() : StubPlatform.Json(dataFile) };
        await using var site = await StartAsync(platform);
        await Eventually.IsTrueAsync(() =>
            Copies(site, "written") > 0 || site.Metrics.Sum("kameleoon.configuration.refreshes", "outcome", "failed") > 0);
        await site.App.StopAsync();
    }

    private static double Copies(TestSite site, string outcome) =>
        site.Metrics.Sum("kameleoon.configuration.copies", "outcome", outcome);

    private async Task<TestSite> StartAsASecondPassesAsync(StubPlatform platform)
    {
        var starting = StartAsync(platform);
        await platform.NextAsync();
        await _clock.MovePastDeadlineAsync(TimeSpan.FromSeconds(1));
        return await starting;
    }

    private Task<TestSite> StartAsync(StubPlatform platform, Action<KameleoonOptions>? options = null) =>
        TestSite.StartAsync(
            settings =>
            {
                settings.Configuration.LastGoodCopy = true;
                settings.Configuration.LastGoodCopyFolder = _folder.FullName;
                options?.Invoke(settings);
            },
            platform: platform,
            clock: _clock);
}
