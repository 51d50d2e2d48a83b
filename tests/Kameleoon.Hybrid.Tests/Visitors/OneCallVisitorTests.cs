using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A visitor for whom a job decides once is kept without objects, and loses nothing.</summary>
public sealed class OneCallVisitorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Visitors_of_one_call_become_idle_and_are_reported_once(bool track)
    {
        const int Visitors = IdleVisitorTests.MostRecent + 100;
        using var services = DecidingServices.Build(Encoding.UTF8.GetBytes(DataFiles.Shop));
        var factory = services.GetRequiredService<IKameleoonClientFactory>();
        var (store, queue) = (services.GetRequiredService<VisitorStore>(), services.GetRequiredService<TrackingQueue>());

        for (var i = 0; i < Visitors; i++)
        {
            factory.ForVisitor($"v{i}").GetVariation("checkout", track).Key.ShouldBe("on");
        }

        store.Count.ShouldBe(Visitors);
        store.Sessions.Count().ShouldBe(IdleVisitorTests.MostRecent);
        factory.ForVisitor("v0").GetVariation("checkout", track);
        queue.Queued.ShouldBe(track ? Visitors : 0);
        var known = store.Find("v0").ShouldNotBeNull().Record;
        known.FindVariation(DataFiles.Experiment).ShouldBe(DataFiles.Variation);
        known.IsReported(DataFiles.Experiment, DataFiles.Variation).ShouldBe(track);
    }

    [Fact]
    public void The_calls_of_one_client_on_many_threads_lose_no_assignment_while_visitors_become_idle()
    {
        // Four recent sessions: each becomes idle at once, unless it is used.
        using var services = DecidingServices.Build(
            Encoding.UTF8.GetBytes(DataFiles.Shop), static options => options.MaxVisitors = 64);
        var factory = services.GetRequiredService<IKameleoonClientFactory>();
        var store = services.GetRequiredService<VisitorStore>();

        for (var round = 0; round < 2000; round++)
        {
            var code = $"v{round}";
            var others = Enumerable.Range(0, 10).Select(i => $"o{round}.{i}").ToList();
            var client = factory.ForVisitor(code);

            Parallel.Invoke(
                () => client.GetVariation("checkout"),
                () => client.GetVariation("delivery"),
                () => client.GetVariation("style"),
                () => others.ForEach(other => factory.ForVisitor(other).GetVariation("checkout")));

            store.Find(code).ShouldNotBeNull().Record.Assignments.Length.ShouldBe(3);

            // So that there is room for all: visitors who are evicted lose their assignments.
            others.ForEach(other => store.Remove(other));
            store.Remove(code);
        }
    }
}
