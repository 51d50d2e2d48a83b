namespace Kameleoon.Hybrid;

/// <summary>Keeps something of visitors in the memory of this process, beside the <see cref="VisitorStore"/>.</summary>
internal interface IVisitorMemory
{
    /// <summary>Removes what is kept of a visitor, because the person is forgotten. Safe for concurrent use.</summary>
    void Remove(string visitorCode);
}
