using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Which database, as the application said.</summary>
/// <param name="CreateSchema">Whether missing tables are created.</param>
/// <param name="Use">Chooses the provider, with a deadline for each command in seconds.</param>
internal sealed record StoreSettings(bool CreateSchema, Action<DbContextOptionsBuilder, int> Use);
