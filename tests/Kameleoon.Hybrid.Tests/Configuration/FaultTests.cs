namespace Kameleoon.Hybrid.Tests;

/// <summary>Between library and sandbox something breaks: pages are answered all the while, the fault is measured, and
/// afterwards the data file is the right one.</summary>
public sealed class FaultTests
{
    public static TheoryData<NetworkFault, string[]> Faults => new()
    {
        { NetworkFault.Delay, ["timeout"] },
        { NetworkFault.Reset, ["connection_reset", "response_ended", "http_error"] },
        { NetworkFault.HalfResponse, ["response_ended"] },
        { NetworkFault.SlowTrickle, ["timeout"] },
        { NetworkFault.TooManyRequests, ["429"] },
        { NetworkFault.ServerError, ["500"] },
        { NetworkFault.InvalidTls, ["secure_connection_error"] },
        { NetworkFault.Garbage, ["invalid_response", "response_ended"] },
        { NetworkFault.TruncatedGzip, ["invalid_content", "invalid_data_file"] },
        { NetworkFault.WrongContentType, ["invalid_data_file"] },
        { NetworkFault.EmptyObject, ["invalid_data_file"] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    [InlineData(NetworkFault.NotModified, new[] { "unexpected_answer" })]
    public async Task A_start_through_a_fault_serves_pages_and_recovers(NetworkFault fault, string[] expected)
    {
        await using var sandbox = await RealSandbox.StartAsync(SandboxedSite.Edit(1));
        await using var proxy = new FaultProxy(sandbox.Address) { Fault = fault };
        await using var site = await SandboxedSite.StartAsync(
            proxy.Address,
            options =>
            {
                options.StartTimeout = TimeSpan.FromMilliseconds(100);
                options.RequestTimeout = PatienceWith(fault);
            });

        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");
        await UntilMeasuredAsync(site, expected);
        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");
        proxy.Fault = NetworkFault.None;

        await Eventually.IsTrueAsync(() => site.Has(edit: 1));
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_at_run_time_leaves_the_data_file_in_force_and_passes(NetworkFault fault, string[] expected)
    {
        await using var sandbox = await RealSandbox.StartAsync(SandboxedSite.Edit(1));
        await using var proxy = new FaultProxy(sandbox.Address);
        await using var site = await SandboxedSite.StartAsync(
            proxy.Address, options => options.RequestTimeout = PatienceWith(fault));
        await Eventually.IsTrueAsync(() => site.Has(edit: 1));
        var version = site.Configuration.Version;

        proxy.Fault = fault;
        sandbox.Serve(SandboxedSite.Edit(2));
        site.Refresh();
        await UntilMeasuredAsync(site, expected);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        site.Configuration.Version.ShouldBe(version);
        proxy.Fault = NetworkFault.None;
        await Eventually.IsTrueAsync(() => site.Has(edit: 2));
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Theory]
    [InlineData(NetworkFault.Delay, "timeout")]
    [InlineData(NetworkFault.ServerError, "500")]
    [InlineData(NetworkFault.WrongContentType, "invalid_response")]
    [InlineData(NetworkFault.InvalidTls, "secure_connection_error")]
    public async Task A_stream_that_cannot_be_opened_is_measured_and_replaced_by_polls_until_it_is_back(
        NetworkFault fault, string expected)
    {
        await using var sandbox = await RealSandbox.StartAsync(SandboxedSite.Edit(1));
        await using var proxy = new FaultProxy(sandbox.Address) { Fault = fault };
        await using var site = await SandboxedSite.StartAsync(sandbox.Address, options =>
        {
            options.Configuration.Mode = ConfigurationMode.Streaming;
            options.Endpoints.Stream = proxy.Address;
            options.RequestTimeout = PatienceWith(fault);
        });
        await Eventually.IsTrueAsync(() =>
            site.Metrics.Sum("kameleoon.configuration.streams.lost", "error.type", expected) > 0);

        sandbox.Serve(SandboxedSite.Edit(2));
        await Eventually.IsTrueAsync(() => site.Has(edit: 2));
        site.Configuration.Source.ShouldBe(DataFileSource.Polling);

        proxy.Fault = NetworkFault.None;
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 1);
        site.Log.Texts(112).ShouldHaveSingleItem();
        site.Log.Texts(113).ShouldHaveSingleItem();
    }

    // Short where the test waits for it to be over, long where a busy machine must not exceed it.
    private static TimeSpan PatienceWith(NetworkFault fault) => TimeSpan.FromMilliseconds(
        fault is NetworkFault.Delay or NetworkFault.SlowTrickle ? 300 : 5000);

    private static Task UntilMeasuredAsync(TestSite site, string[] expected) => Eventually.IsTrueAsync(
        () => Measured(site).Intersect(expected, StringComparer.Ordinal).Any(),
        () => $"Measured were {string.Join(", ", Measured(site))}.");

    private static string[] Measured(TestSite site) =>
    [
        .. site.Metrics.Values("kameleoon.http.failed_attempts", "error.type"),
        .. site.Metrics.Values("kameleoon.configuration.refreshes", "error.type"),
    ];
}
