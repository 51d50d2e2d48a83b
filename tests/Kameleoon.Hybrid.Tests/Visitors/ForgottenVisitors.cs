namespace Kameleoon.Hybrid.Tests;

/// <summary>Collects the visitors that a store removed while events were waiting.</summary>
internal sealed class ForgottenVisitors : IForgottenVisitorListener
{
    internal List<VisitorSnapshot> Visitors { get; } = [];

    public void OnForgotten(VisitorSnapshot known, VisitorRecord record) => Visitors.Add(known);
}
