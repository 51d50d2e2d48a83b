namespace Kameleoon.Hybrid;

/// <summary>The services that the clients of all visitors use.</summary>
internal sealed class KameleoonClientServices(
    ConfigurationStore configuration,
    VisitorServices visitors,
    VisitorDataKeeper data,
    VisitorDataReporter reporter,
    RemoteCalls remote,
    TrackingSender sender,
    DecisionReport decisions,
    ClientMistakes mistakes)
{
    internal ConfigurationStore Configuration => configuration;

    internal VisitorServices Visitors => visitors;

    internal VisitorDataKeeper Data => data;

    internal VisitorDataReporter Reporter => reporter;

    internal RemoteCalls Remote => remote;

    internal TrackingSender Sender => sender;

    internal DecisionReport Decisions => decisions;

    internal ClientMistakes Mistakes => mistakes;
}
