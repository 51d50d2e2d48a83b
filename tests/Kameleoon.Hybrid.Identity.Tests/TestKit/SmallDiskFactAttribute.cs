namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A test that is skipped where no disk can be mounted. Other tests then stand for full and read-only disks.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.IsAllowed ? null : "This process may not mount a disk.";
}
