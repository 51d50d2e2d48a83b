namespace Kameleoon.Hybrid;

/// <summary>The number of earlier visits and the time since the last one, which the platform does not count for
/// servers.</summary>
/// <param name="VisitNumber">The number of earlier visits.</param>
/// <param name="SincePreviousVisit">The time since the last of them.</param>
internal sealed record VisitCounters(int VisitNumber, TimeSpan SincePreviousVisit) : IVisitorData
{
    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.VisitCounters;

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known;

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=staticData&visitNumber="u8);
        line.Number(VisitNumber);
        line.Text("&timeSincePreviousVisit="u8);
        line.Number((long)SincePreviousVisit.TotalMilliseconds);
    }
}
