namespace Kameleoon.Hybrid.Sandbox;

/// <summary>How often, and to how many visitors, one variation was shown.</summary>
internal sealed class ExposureCount(long experimentId, long variationId, string? flag, string? variation)
{
    internal long ExperimentId { get; } = experimentId;

    internal long VariationId { get; } = variationId;

    internal string? Flag { get; } = flag;

    internal string? Variation { get; } = variation;

    internal long Visitors { get; private set; }

    internal long Both { get; private set; }

    internal SenderCount Engine { get; private set; } = SenderCount.Zero;

    internal SenderCount Server { get; private set; } = SenderCount.Zero;

    internal void Add(RecordedVisitor visitor, Sender sender)
    {
        var reporter = sender == Sender.Engine ? Senders.Engine : Senders.Server;
        var before = visitor.Report(this, reporter);
        var first = !before.HasFlag(reporter);
        Visitors += before == Senders.None ? 1 : 0;
        Both += first && before != Senders.None ? 1 : 0;
        if (sender == Sender.Engine)
        {
            Engine = Engine.Plus(first);
        }
        else
        {
            Server = Server.Plus(first);
        }
    }
}

/// <summary>What one kind of sender reported.</summary>
internal sealed record SenderCount(long Visitors, long Exposures)
{
    internal static SenderCount Zero { get; } = new(0, 0);

    internal SenderCount Plus(bool newVisitor) => new(Visitors + (newVisitor ? 1 : 0), Exposures + 1);
}
