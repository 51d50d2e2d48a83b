namespace Kameleoon.Hybrid.Tests;

/// <summary>Every store of the application is called through one guard.</summary>
public sealed class StoreGuardTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly List<string> _log = [];

    [Fact]
    public async Task The_start_and_the_end_of_an_outage_are_logged_once_each()
    {
        var guard = Guard();

        await FailAsync(guard);
        await FailAsync(guard);
        guard.Problem.ShouldBe("down");
        (await AnswerAsync(guard)).Answer.ShouldBe(7);
        await AnswerAsync(guard);

        guard.Problem.ShouldBeNull();
        _log.ShouldBe(["unavailable: down", "recovered"]);
    }

    [Theory]
    [InlineData(StoreCaller.Request, 1)]
    [InlineData(StoreCaller.Background, 1)]
    [InlineData(StoreCaller.Patient, 30)]
    internal async Task A_call_that_hangs_ends_at_its_deadline(StoreCaller caller, int seconds)
    {
        var guard = Guard();
        var started = new TaskCompletionSource();
        var call = guard.AskAsync(
            _ =>
            {
                started.SetResult();
                return new ValueTask<int>(new TaskCompletionSource<int>().Task);
            },
            caller).AsTask();
        await started.Task;

        _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        call.IsCompleted.ShouldBeFalse();
        await _clock.MovePastDeadlineAsync(TimeSpan.FromMilliseconds(1));

        (await call).Outcome.ShouldBe(StoreOutcome.Unavailable);
    }

    [Fact]
    public async Task After_repeated_failures_requests_skip_the_store_for_two_seconds_and_background_calls_do_not()
    {
        var guard = Guard();
        for (var i = 0; i < 5; i++)
        {
            await FailAsync(guard);
        }

        var calls = 0;
        var reply = await guard.AskAsync(_ => new ValueTask<int>(++calls), StoreCaller.Request);
        (reply.Outcome, reply.Error?.Message, calls).ShouldBe((StoreOutcome.Unavailable, "down", 0));
        (await FailAsync(guard, StoreCaller.Background)).Error!.Message.ShouldBe("down");
        _clock.Advance(TimeSpan.FromSeconds(2));

        (await AnswerAsync(guard)).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_background_call_that_is_answered_ends_the_pause_of_requests()
    {
        var guard = Guard();
        for (var i = 0; i < 5; i++)
        {
            await FailAsync(guard);
        }

        await AnswerAsync(guard, StoreCaller.Background);

        (await AnswerAsync(guard)).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failure_while_the_store_answers_its_probe_is_a_refusal_and_no_outage()
    {
        var guard = Guard(probe: _ => Task.CompletedTask);

        for (var i = 0; i < 10; i++)
        {
            (await FailAsync(guard)).IsRefused.ShouldBeTrue();
        }

        guard.Problem.ShouldBeNull();
        _log.ShouldBe(["refused: down"]);
        (await AnswerAsync(guard)).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_that_refuses_the_writes_of_three_owners_is_unavailable_until_a_write_succeeds()
    {
        var guard = Guard(probe: _ => Task.CompletedTask);

        await RefuseAsync(guard, "anna");
        await RefuseAsync(guard, "anna");
        await RefuseAsync(guard, "bert");
        guard.Problem.ShouldBeNull();
        await RefuseAsync(guard, "carla");
        guard.Problem.ShouldBe("disk full");
        await AnswerAsync(guard);
        guard.Problem.ShouldBe("disk full");
        await guard.WriteAsync(_ => new ValueTask<int>(7), StoreCaller.Background, "anna", _ => true, default);

        guard.Problem.ShouldBeNull();
        _log.ShouldBe(["refused: disk full", "unavailable: disk full", "recovered"]);
    }

    [Fact]
    public async Task A_call_that_its_caller_cancels_is_no_failure_of_the_store()
    {
        var guard = Guard();
        using var cancellation = new CancellationTokenSource();
        var call = guard.AskAsync(
            async token =>
            {
                await cancellation.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return 7;
            },
            StoreCaller.Request,
            cancellation.Token);

        (await call).Outcome.ShouldBe(StoreOutcome.Cancelled);

        guard.Problem.ShouldBeNull();
        _log.ShouldBeEmpty();
    }

    private StoreGuard Guard(Func<CancellationToken, Task>? probe = null) => new(
        Deadline,
        _clock,
        new StoreMessages(
            e => _log.Add($"unavailable: {e.Message}"),
            () => _log.Add("recovered"),
            e => _log.Add($"refused: {e.Message}")),
        probe);

    private static async Task<StoreReply<int>> FailAsync(StoreGuard guard, StoreCaller caller = StoreCaller.Request) =>
        await guard.AskAsync<int>(_ => throw new InvalidOperationException("down"), caller);

    private static async Task RefuseAsync(StoreGuard guard, string owner) => await guard.WriteAsync<int>(
        _ => throw new InvalidOperationException("disk full"), StoreCaller.Request, owner, _ => false, default);

    private static async Task<StoreReply<int>> AnswerAsync(StoreGuard guard, StoreCaller caller = StoreCaller.Request) =>
        await guard.AskAsync(_ => new ValueTask<int>(7), caller);
}
