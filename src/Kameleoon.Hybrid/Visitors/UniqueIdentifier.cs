namespace Kameleoon.Hybrid;

/// <summary>Whether the visitor code is a person's own, such as a user id, rather than a browser's.</summary>
/// <remarks>Events then have the code as <c>mappingValue</c> in place of <c>visitorCode</c>, once the person has a
/// browser's code too, so that the platform finds the visitor by the person. It applies to the visitor code it is
/// added to, and not to linked codes.</remarks>
/// <param name="Value">True for a person's own code.</param>
public sealed record UniqueIdentifier(bool Value) : IVisitorData
{
    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known;
}
