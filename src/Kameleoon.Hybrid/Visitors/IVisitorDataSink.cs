namespace Kameleoon.Hybrid;

/// <summary>Adds data to a visitor as the application would, for parts that know no client.</summary>
internal interface IVisitorDataSink
{
    /// <summary>Adds data that is sent with the visitor's next tracked action.</summary>
    void Add(string visitorCode, IVisitorData data);
}
