using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The database that the application chose, and whether its tables are created.</summary>
/// <param name="CreateSchema">Whether missing tables are created.</param>
/// <param name="Configure">Configures the provider; the second argument is the command timeout in seconds.</param>
internal sealed record StoreOptions(bool CreateSchema, Action<DbContextOptionsBuilder, int> Configure);
