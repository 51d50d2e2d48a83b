using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The bytes that each public call allocates that a page makes again and again. They do not depend on the machine.
/// </summary>
public sealed class ClientMemoryTests : IDisposable
{
    private const int Calls = 500;

    // A client outside of requests is one object.
    private const long Client = 96;

    private readonly ServiceProvider _services = DecidingServices.Build(Encoding.UTF8.GetBytes(DataFiles.Shop));

    private IKameleoonClientFactory Factory => _services.GetRequiredService<IKameleoonClientFactory>();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_is_held_decides_a_flag_again_without_memory(bool track)
    {
        var client = Factory.ForVisitor("anna");

        await AllocatesAsync(0, () => client.GetVariation("checkout", track));
        await AllocatesAsync(0, () => client.IsFeatureActive("checkout", track));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_client_decides_a_flag_again_with_its_own_memory_only(bool track) =>
        await AllocatesAsync(Client, () => Factory.ForVisitor("anna").GetVariation("checkout", track));

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task The_variations_of_all_flags_are_returned_again_without_memory(bool track, bool onlyActive)
    {
        var client = Factory.ForVisitor("anna");

        await AllocatesAsync(0, () => client.GetVariations(onlyActive, track));
        await AllocatesAsync(Client, () => Factory.ForVisitor("anna").GetVariations(onlyActive, track));
    }

    [Fact]
    public async Task A_client_that_has_decided_one_flag_returns_all_without_memory_too()
    {
        var client = Factory.ForVisitor("anna");
        client.GetVariation("checkout");

        await AllocatesAsync(0, () => client.GetVariations());
        await AllocatesAsync(0, () => client.GetVariation("checkout"));
    }

    [Fact]
    public async Task A_variation_is_found_among_all_without_memory()
    {
        var variations = Factory.ForVisitor("anna").GetVariations();

        await AllocatesAsync(0, () => variations["checkout"].IsActive.ShouldBeTrue());
    }

    [Fact]
    public async Task The_visitor_code_is_returned_without_memory()
    {
        var client = Factory.ForVisitor("anna");

        await AllocatesAsync(0, () => client.GetVisitorCode());
    }

    [Fact]
    public async Task A_new_visitor_takes_what_the_store_keeps_and_what_the_client_is() =>
        await AllocatesForNewAsync(512, code => Factory.ForVisitor(code).GetVariation("checkout", track: false));

    [Fact]
    public async Task All_flags_of_a_new_visitor_are_decided_with_one_list_of_assignments() =>
        await AllocatesForNewAsync(608, code => Factory.ForVisitor(code).GetVariations(track: false));

    [Fact]
    public async Task Their_exposures_are_queued_without_memory() =>
        await AllocatesForNewAsync(608, code => Factory.ForVisitor(code).GetVariations());

    // Without the codes themselves, and without visitors and events of earlier rounds, for which the store's table and the queue
    // would grow.
    private Task AllocatesForNewAsync(long most, Action<string> call)
    {
        var store = _services.GetRequiredService<VisitorStore>();
        var queue = _services.GetRequiredService<TrackingQueue>();
        var codes = new string[Calls];
        var next = 0;
        return AllocatesAsync(most, () => call(codes[next++]), before: () =>
        {
            for (next = 0; next < Calls; next++)
            {
                store.Remove(codes[next] ?? "");
                codes[next] = VisitorCode.Generate();
            }

            next = 0;
            using var taken = new EventBuffer();
            queue.Dequeue(taken, long.MinValue);
        });
    }

    // Code that is not optimized yet allocates more, and a busy machine takes its time with it.
    private static async Task AllocatesAsync(long most, Action call, Action? before = null)
    {
        var least = long.MaxValue;
        await Eventually.IsTrueAsync(() => (least = Math.Min(least, Measure(call, before))) <= most, () => $"{least} bytes");
    }

    private static long Measure(Action call, Action? prepare)
    {
        prepare?.Invoke();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }
}
