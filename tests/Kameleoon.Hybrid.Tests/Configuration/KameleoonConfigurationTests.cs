namespace Kameleoon.Hybrid.Tests;

/// <summary>The application can see which data file is in force, and is told when another one is.</summary>
public sealed class KameleoonConfigurationTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Without_a_data_file_there_is_nothing_to_tell()
    {
        await using var site = await StartAsync("{}");

        site.Configuration.DataFile.ShouldBeNull();
        site.Configuration.Version.ShouldBeNull();
        site.Configuration.Source.ShouldBeNull();
        site.Configuration.Age.ShouldBeNull();
    }

    [Fact]
    public async Task Version_source_and_age_are_told_and_a_poll_without_news_makes_it_young()
    {
        await using var site = await StartAsync(DataFiles.Shop);
        var version = site.Configuration.Version;

        version.ShouldNotBeNull().ShouldMatch("^[0-9a-f]{16}$");
        site.Configuration.Source.ShouldBe(DataFileSource.Polling);
        await site.MoveAsync(TimeSpan.FromSeconds(30));
        site.Configuration.Age.ShouldBe(TimeSpan.FromSeconds(30));

        await site.RefreshAsync(Minute);

        site.Configuration.Age.ShouldBe(TimeSpan.Zero);
        site.Configuration.Version.ShouldBe(version);
    }

    [Fact]
    public async Task The_age_grows_although_the_clock_is_set_back()
    {
        _clock.Step = TimeSpan.FromHours(1);
        await using var site = await StartAsync(DataFiles.Shop);
        _clock.Step = TimeSpan.Zero;

        await site.MoveAsync(TimeSpan.FromSeconds(30));
        site.Configuration.Age.ShouldBe(TimeSpan.FromSeconds(30));
        await site.RefreshAsync(Minute);
        site.Configuration.Age.ShouldBe(TimeSpan.Zero);
        await site.MoveAsync(TimeSpan.FromSeconds(20));
        site.Configuration.Age.ShouldBe(TimeSpan.FromSeconds(20));
        (await site.Configuration.RefreshIfStaleAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
        site.Configuration.Age.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_change_is_told_and_logged_with_the_flags_that_differ()
    {
        await using var site = await StartAsync(DataFiles.Shop);
        var changes = new List<ConfigurationChangedEventArgs>();
        site.Configuration.Changed += (_, change) => changes.Add(change);
        var token = site.Configuration.GetChangeToken();

        Serve(site, DataFiles.Shop
            .Replace("\"delivery\"", "\"pickup\"", StringComparison.Ordinal)
            .Replace("81001", "81009", StringComparison.Ordinal));
        await site.RefreshAsync(Minute);

        var change = changes.ShouldHaveSingleItem();
        change.Added.ShouldBe(["pickup"]);
        change.Removed.ShouldBe(["delivery"]);
        change.Modified.ShouldBe(["checkout"]);
        change.Version.ShouldBe(site.Configuration.Version);
        change.DataFile.ShouldBeSameAs(site.Configuration.DataFile);
        token.HasChanged.ShouldBeTrue();
        site.Configuration.GetChangeToken().HasChanged.ShouldBeFalse();
        site.Log.Texts(107).ShouldHaveSingleItem().ShouldEndWith("Added: pickup. Removed: delivery. Modified: checkout.");
    }

    [Fact]
    public async Task A_flag_whose_segment_is_written_differently_is_modified_and_one_with_other_blanks_is_not()
    {
        const string Condition = """{"targetingType":"VISITOR_CODE","matchType":"CONTAINS","visitorCode":"a"}""";
        await using var site = await StartAsync(DataFiles.Targeted(Condition));
        ConfigurationChangedEventArgs? change = null;
        site.Configuration.Changed += (_, args) => change = args;

        Serve(site, DataFiles.Targeted(Condition.Replace("\"a\"", "\"b\"", StringComparison.Ordinal))
            .Replace("\"other\",", "\"other\"  ,", StringComparison.Ordinal));
        await site.RefreshAsync(Minute);

        change.ShouldNotBeNull().Modified.ShouldBe(["checkout"]);
    }

    [Fact]
    public async Task Listeners_that_throw_are_logged_and_the_others_are_told()
    {
        await using var site = await StartAsync(DataFiles.Shop);
        var told = false;
        using var registration = site.Configuration.GetChangeToken().RegisterChangeCallback(
            _ => throw new InvalidOperationException("The token's."), null);
        site.Configuration.Changed += (_, _) => throw new InvalidOperationException("The event's.");
        site.Configuration.Changed += (_, _) => told = true;

        Serve(site, SandboxedSite.Edit(1));
        await site.RefreshAsync(Minute);

        told.ShouldBeTrue();
        site.Has(edit: 1).ShouldBeTrue();
        site.Log.Texts(108).ShouldHaveSingleItem();
        site.Log.Texts(102).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_data_file_on_disk_is_watched()
    {
        var folder = Directory.CreateTempSubdirectory("file");
        var path = Path.Combine(folder.FullName, "flags.json");
        await File.WriteAllTextAsync(path, DataFiles.Shop);
        await using (var site = await TestSite.StartAsync(options => options.Configuration.File = path))
        {
            (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
            site.Configuration.Source.ShouldBe(DataFileSource.File);

            await File.WriteAllTextAsync(path, "{ half");
            await Eventually.IsTrueAsync(() => site.Log.Texts(102).Any());
            await File.WriteAllTextAsync(path, SandboxedSite.Edit(1));

            await Eventually.IsTrueAsync(() => site.Has(edit: 1));
            site.Platform.Requests.Where(sent => sent.IsDataFile).ShouldBeEmpty();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_data_file_on_disk_that_comes_later_is_noticed_even_where_its_folder_cannot_be_watched()
    {
        var folder = Directory.CreateTempSubdirectory("file");
        var path = Path.Combine(folder.FullName, "later", "flags.json");
        await using (var site = await TestSite.StartAsync(options => options.Configuration.File = path, clock: _clock))
        {
            (await site.ReadAsync("/decide/checkout")).ShouldBe("off");
            site.Log.Texts(115).ShouldHaveSingleItem();

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, DataFiles.Shop);
            await site.RefreshAsync(TimeSpan.FromSeconds(5));

            (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_config_map_is_noticed_when_its_folder_link_or_the_file_link_is_swapped(bool hasFolderLink)
    {
        // As Kubernetes mounts it: flags.json -> ..data/flags.json, ..data -> ..version. Both versions have one time and size.
        var folder = Directory.CreateTempSubdirectory("file").FullName;
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var first = DataFiles.Shop;
        var second = SandboxedSite.Edit(1);
        var length = Math.Max(first.Length, second.Length);
        WriteVersion(folder, "..first", first.PadRight(length), time);
        WriteVersion(folder, "..second", second.PadRight(length), time);
        var path = Path.Combine(folder, "flags.json");
        Swap(folder, "..data", "..first");
        File.CreateSymbolicLink(path, Path.Combine(hasFolderLink ? "..data" : "..first", "flags.json"));
        await using (var site = await TestSite.StartAsync(options => options.Configuration.File = path, clock: _clock))
        {
            site.Has(edit: 1).ShouldBeFalse();

            if (hasFolderLink)
            {
                Swap(folder, "..data", "..second");
            }
            else
            {
                Swap(folder, "flags.json", Path.Combine("..second", "flags.json"));
            }

            await site.RefreshAsync(TimeSpan.FromSeconds(5));
            site.Has(edit: 1).ShouldBeTrue();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void WriteVersion(string folder, string version, string text, DateTime time)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, version)).FullName, "flags.json");
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, time);
    }

    /// <summary>Replaces a link in one step.</summary>
    private static void Swap(string folder, string name, string target)
    {
        File.CreateSymbolicLink(Path.Combine(folder, "..new"), target);
        using var move = System.Diagnostics.Process.Start("mv", ["-T", Path.Combine(folder, "..new"), Path.Combine(folder, name)]);
        move.WaitForExit();
        move.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_test_holds_its_data_file_in_memory()
    {
        var dataFile = new InMemoryDataFile(DataFiles.Shop);
        await using var site = await TestSite.StartAsync(kameleoon: builder => builder.UseDataFile(dataFile));
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");

        dataFile.Replace("{}");
        await Eventually.IsTrueAsync(() => site.Log.Texts(102).Any());
        dataFile.Replace(SandboxedSite.Edit(1));

        await Eventually.IsTrueAsync(() => site.Has(edit: 1));
        site.Configuration.Source.ShouldBe(DataFileSource.Memory);
        site.Platform.Requests.Where(sent => sent.IsDataFile).ShouldBeEmpty();
    }

    private static void Serve(TestSite site, string dataFile) =>
        site.Platform.DataFile = _ => StubPlatform.Json(dataFile);

    private Task<TestSite> StartAsync(string dataFile) => TestSite.StartAsync(
        options => options.RefreshInterval = Minute, platform: DataFiles.Serving(dataFile), clock: _clock);
}
