namespace Kameleoon.Hybrid;

/// <summary>Whether the visitor code is a person's own, such as a user id, rather than a browser's.</summary>
/// <remarks>The platform then finds the visitor by the person: events carry the code as the value of the custom data that
/// identifies a person across devices, once a browser's code is known for it. It applies to the visitor code it is
/// added to, and not to linked codes.</remarks>
/// <param name="Value">True for a person's own code.</param>
public sealed record UniqueIdentifier(bool Value) : IVisitorData
{
    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known;
}
