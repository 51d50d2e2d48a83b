namespace Kameleoon.Hybrid.Decisions;

/// <summary>One slot of custom data that the site declares.</summary>
/// <param name="Index">The slot's index, which conditions and the application use.</param>
/// <param name="Id">The id that flags refer to, or null when the data file gives none.</param>
/// <param name="Name">The name the application may use instead of the index, or null for none.</param>
/// <param name="IsLocalOnly">Whether values are used for targeting only and never sent.</param>
/// <param name="IsVisitorScoped">Whether values are kept after the visit.</param>
public sealed record CustomDataSlot(int Index, long? Id, string? Name, bool IsLocalOnly, bool IsVisitorScoped);
