namespace Kameleoon.Hybrid;

/// <summary>Adds data to a visitor as the application does, for parts of the library that cannot use a
/// client.</summary>
internal interface IVisitorDataSink
{
    /// <summary>Adds data that is sent with the visitor's next tracked action.</summary>
    void Add(string visitorCode, IVisitorData data);
}
