namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>What the application chose for its database. It is registered where a database is.</summary>
/// <param name="CreateSchema">Whether missing tables are created.</param>
internal sealed record StoreOptions(bool CreateSchema);
