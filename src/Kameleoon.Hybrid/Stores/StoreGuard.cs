using Polly.CircuitBreaker;

namespace Kameleoon.Hybrid;

/// <summary>Calls a store that may be unavailable. It gives each call a deadline, pauses the calls of requests after repeated
/// failures, tells a refusal from an outage, and logs the start and the end of an outage once each.</summary>
/// <remarks>Every store of the application is called through a guard. No exception of a store leaves it. Safe for
/// concurrent use.</remarks>
/// <param name="timeout">The deadline of a call.</param>
/// <param name="clock">The clock of deadlines and pauses.</param>
/// <param name="messages">What to log.</param>
/// <param name="probe">Asks the store a question that it can always answer, after a call failed; null when every failure is
/// an outage.</param>
internal sealed class StoreGuard(
    TimeSpan timeout, TimeProvider clock, StoreMessages messages, Func<CancellationToken, Task>? probe = null)
{
    /// <summary>The deadline of calls that no request awaits and that are worthless when they are cut short.</summary>
    internal static readonly TimeSpan PatientTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly StoreCircuit _circuit = new(timeout, clock, probe);
    private readonly RefusedWrites _refusedWrites = new();
    private string? _problem;
    private readonly LogOnce _refusal = new();
    private StoreUnusableException? _unusable;
    private long _unusableSince;

    /// <summary>Why the store is unavailable, or null when it is not known to be.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <summary>Whether the store has to be repaired: a full disk, a read-only or a damaged file.</summary>
    internal bool IsUnusable => Volatile.Read(ref _unusable) is not null;

    /// <summary>Makes a call that has an answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="caller">What waits for it.</param>
    /// <param name="cancellation">Cancels the call, which is no failure of the store.</param>
    internal ValueTask<StoreReply<T>> AskAsync<T>(
        Func<CancellationToken, ValueTask<T>> call, StoreCaller caller, CancellationToken cancellation = default) =>
        CallAsync(call, caller, owner: null, mayWrite: false, static _ => false, cancellation);

    /// <summary>Makes a call that has no answer, and writes.</summary>
    /// <inheritdoc cref="AskAsync" path="/param"/>
    internal async ValueTask<StoreReply<bool>> RunAsync(
        Func<CancellationToken, ValueTask> call, StoreCaller caller, CancellationToken cancellation = default) =>
        await CallAsync(
            async token =>
            {
                await call(token);
                return true;
            },
            caller,
            owner: null,
            mayWrite: true,
            static _ => true,
            cancellation);

    /// <summary>Makes a call that may write, to a store that is regarded as unavailable when it refuses the writes of three
    /// owners.</summary>
    /// <param name="call">The call.</param>
    /// <param name="caller">What waits for it.</param>
    /// <param name="owner">Whose data is written, or null when the call only reads.</param>
    /// <param name="isWrite">Whether an answer proves that something was written.</param>
    /// <param name="cancellation">Cancels the call, which is no failure of the store.</param>
    internal ValueTask<StoreReply<T>> WriteAsync<T>(
        Func<CancellationToken, ValueTask<T>> call,
        StoreCaller caller,
        string? owner,
        Func<T, bool> isWrite,
        CancellationToken cancellation) => CallAsync(call, caller, owner, mayWrite: owner is not null, isWrite, cancellation);

    private async ValueTask<StoreReply<T>> CallAsync<T>(
        Func<CancellationToken, ValueTask<T>> call,
        StoreCaller caller,
        string? owner,
        bool mayWrite,
        Func<T, bool> isWrite,
        CancellationToken cancellation)
    {
        if (mayWrite && caller == StoreCaller.Request && FindPause() is { } pause)
        {
            return new(StoreOutcome.Unavailable, default, pause);
        }

        try
        {
            var answer = await _circuit.RunAsync(call, caller, cancellation);
            await RecoverAsync(isWrite(answer));
            return new(StoreOutcome.Done, answer, Error: null);
        }
        catch (StoreRefusalException refusal)
        {
            await RefuseAsync(refusal.InnerException!, owner);
            return new(StoreOutcome.Refused, default, refusal.InnerException);
        }
#pragma warning disable CA1031 // A store may throw anything, and callers handle every failure alike.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (cancellation.IsCancellationRequested)
            {
                return new(StoreOutcome.Cancelled, default, e);
            }

            if (owner is not null)
            {
                _refusedWrites.Add(owner);
            }

            var cause = e is BrokenCircuitException { InnerException: { } earlier } ? earlier : e;
            NoteIfUnusable(cause);
            Fail(cause);
            return new(StoreOutcome.Unavailable, default, cause);
        }
    }

    private async ValueTask RefuseAsync(Exception failure, string? owner)
    {
        if (owner is not null && _refusedWrites.Add(owner))
        {
            Fail(failure);
            return;
        }

        await RecoverAsync(isWrite: false);
        if (_refusal.IsFirst())
        {
            messages.Refused?.Invoke(failure);
        }
    }

    private StoreUnusableException? FindPause() =>
        Volatile.Read(ref _unusable) is { } unusable && clock.GetElapsedTime(Volatile.Read(ref _unusableSince)) < Pause
            ? unusable
            : null;

    private void NoteIfUnusable(Exception failure)
    {
        if (failure is StoreUnusableException unusable)
        {
            Volatile.Write(ref _unusableSince, clock.GetTimestamp());
            Volatile.Write(ref _unusable, unusable);
        }
    }

    private void Fail(Exception failure)
    {
        if (Interlocked.Exchange(ref _problem, ErrorText.Of(failure)) is null)
        {
            messages.Unavailable(failure);
        }
    }

    // A full disk and a read-only file can still be read.
    private async ValueTask RecoverAsync(bool isWrite)
    {
        if (isWrite)
        {
            Volatile.Write(ref _unusable, null);
        }

        if (!IsUnusable
            && (isWrite || Problem is not null)
            && _refusedWrites.Answered(isWrite)
            && Interlocked.Exchange(ref _problem, null) is not null)
        {
            messages.Recovered();
            await _circuit.CloseAsync();
        }
    }
}
