namespace Kameleoon.Hybrid;

/// <summary>One exposure in a ledger and its state. Each transition is one compare-and-swap, so that exactly one owner
/// reports it.</summary>
/// <remarks>
/// With <see cref="ExposureOwner.Both"/> the server also reports tracked exposures that the engine owns.
/// <code>
/// Untracked --tracked decision--> Open --tag--> Engine --the page, or the tag in it, was never sent--> Open
///                                             Engine --a script left the page before its tag ran--> Carried
///                                             Engine --the page reports that the engine did not run--> Server
/// Untracked --tracking code with untracked decisions--> Engine
///                              Open --tag of a page fetched ahead--> Page
///                              Open --redirect--> Carried
///                              Open --response complete, failed or long--> Server
///                              Open --bot, HEAD, fetched ahead, refused, unshared--> discarded
/// </code>
/// </remarks>
internal sealed class ExposureEntry(Exposure exposure, bool track)
{
    private ExposureEntry? _next;
    private ExposureEntry? _later;
    private int _state = (int)(track ? ExposureState.Open : ExposureState.Untracked);
    private bool _isTracked = track;
    private byte _done;
    private volatile SentPart _sent;

    internal Exposure Exposure => exposure;

    /// <summary>The next entry of the ledger, or null.</summary>
    internal ExposureEntry? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>The next entry of the same experiment, or null.</summary>
    internal ExposureEntry? Later
    {
        get => Volatile.Read(ref _later);
        set => Volatile.Write(ref _later, value);
    }

    internal ExposureState State => (ExposureState)Volatile.Read(ref _state);

    /// <summary>The owner in words, for the inspector.</summary>
    internal string Owner => ExposureStates.OwnerOf(State);

    /// <summary>Whether a tracked decision led to it.</summary>
    internal bool IsTracked => Volatile.Read(ref _isTracked);

    internal bool IsOpen => State == ExposureState.Open;

    /// <summary>Whether the engine, a page or the server reports it, or it was discarded.</summary>
    internal bool HasOwner => State is not (ExposureState.Open or ExposureState.Untracked);

    /// <summary>Whether this page or the visitor's next one reports it.</summary>
    internal bool IsOfPage => State is ExposureState.Engine or ExposureState.Page or ExposureState.Carried;

    internal bool IsOwnedByEngine => State == ExposureState.Engine;

    internal bool Open()
    {
        Volatile.Write(ref _isTracked, true);
        return Move(ExposureState.Untracked, ExposureState.Open);
    }

    internal bool GiveToEngine() => Move(ExposureState.Open, ExposureState.Engine);

    internal bool GiveToEngineUntracked() => GiveToEngine() || Move(ExposureState.Untracked, ExposureState.Engine);

    /// <summary>The page reports it to the server when the page is shown.</summary>
    internal bool GiveToPage() => Move(ExposureState.Open, ExposureState.Page);

    internal bool GiveToServer() => Move(ExposureState.Open, ExposureState.Server);

    /// <summary>The visitor's session keeps it for the next page.</summary>
    internal bool Carry() => Move(ExposureState.Open, ExposureState.Carried);

    /// <summary>Takes it back from the page, because the browser did not get the tag.</summary>
    internal bool TakeBack() =>
        IsTracked && (Move(ExposureState.Engine, ExposureState.Open) || Move(ExposureState.Page, ExposureState.Open));

    /// <summary>Notes that the tag with this exposure was written.</summary>
    /// <param name="isCertain">Whether it was written to the response itself, or to a text before the response started.
    /// </param>
    internal void NoteWritten(bool isCertain) => _sent = isCertain ? SentPart.Response : SentPart.Text;

    /// <summary>Whether this page made the mark that the engine reports the exposure. An earlier page of the session may have
    /// made it before.</summary>
    internal bool HasMarked => (Volatile.Read(ref _done) & (byte)Once.Marked) != 0;

    internal void NoteMarked() => TryDo(Once.Marked);

    /// <summary>Notes that the written tag was not sent.</summary>
    internal void NoteUnsent() => _sent = SentPart.None;

    /// <summary>Whether the browser did not get the tag with this exposure.</summary>
    internal bool IsLost(LostTags lost) => lost switch
    {
        LostTags.All => true,
        LostTags.Uncertain => _sent != SentPart.Response,
        LostTags.Unwritten => _sent == SentPart.None,
        _ => false,
    };

    /// <summary>Withdraws it from a page that an error page replaced, so that the error page has it.</summary>
    internal bool Withdraw() => Move(ExposureState.Open, ExposureState.Untracked);

    /// <summary>Takes it back from the engine for the next page, because a script left the page before its tag ran.</summary>
    internal bool CarryFromEngine() => IsTracked && Move(ExposureState.Engine, ExposureState.Carried);

    /// <summary>The page reported that the engine did not run.</summary>
    internal bool GiveFromEngineToServer() => Move(ExposureState.Engine, ExposureState.Server);

    /// <summary>The server reports it beside the engine, once.</summary>
    internal bool TryReportBesideEngine() =>
        IsOwnedByEngine && IsTracked && TryDo(Once.ReportedBeside);

    /// <summary>What was done once for the exposure, for an entry that continues this one.</summary>
    internal byte Done => Volatile.Read(ref _done);

    /// <summary>Continues an entry that the engine owned.</summary>
    internal void Continue(byte done)
    {
        Volatile.Write(ref _done, done);
        GiveToEngine();
    }

    internal bool Discard(ExposureState reason) => Move(ExposureState.Open, reason);

    /// <summary>Returns true for the first call, which publishes it to the listeners.</summary>
    internal bool TryPublish() => TryDo(Once.Published);

    /// <summary>Returns true for the first call, which counts the outcome of its response.</summary>
    internal bool TryCountOutcome() => TryDo(Once.OutcomeCounted);

    private bool Move(ExposureState from, ExposureState to) =>
        Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;

    // One byte: each page with a decision has an entry.
    private bool TryDo(Once once)
    {
        var before = Volatile.Read(ref _done);
        while ((before & (byte)once) == 0)
        {
            var now = Interlocked.CompareExchange(ref _done, (byte)(before | (byte)once), before);
            if (now == before)
            {
                return true;
            }

            before = now;
        }

        return false;
    }

    [Flags]
    private enum Once : byte
    {
        None = 0,
        Published = 1,
        ReportedBeside = 2,
        OutcomeCounted = 4,
        Marked = 8,
    }

    private enum SentPart : byte
    {
        None,
        Text,
        Response,
    }
}
