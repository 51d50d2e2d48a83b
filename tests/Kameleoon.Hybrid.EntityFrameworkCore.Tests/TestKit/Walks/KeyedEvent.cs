namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>A purchase that a device sends with an idempotency key, perhaps several times.</summary>
/// <param name="Device">The device.</param>
/// <param name="Number">Its number, which is also its revenue.</param>
/// <param name="Code">The visitor code under which it was sent first.</param>
/// <param name="IsExposed">Whether the visitor sees a flag with it.</param>
internal sealed record KeyedEvent(WalkDevice Device, int Number, string Code, bool IsExposed);
