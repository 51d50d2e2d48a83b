namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>A test that needs the official core, and is skipped where it cannot be run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OfficialCoreFactAttribute : FactAttribute
{
    public OfficialCoreFactAttribute() => Skip = OfficialCore.WhyAbsent;
}
