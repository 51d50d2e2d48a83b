namespace Kameleoon.Hybrid.TestKit;

/// <summary>Names the requirements of the specification that a test covers, for example <c>T-HYB-9</c>.</summary>
/// <param name="ids">The ids of the requirements.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SpecAttribute(params string[] ids) : Attribute
{
    /// <summary>The ids of the requirements.</summary>
    public IReadOnlyList<string> Ids => ids;
}
