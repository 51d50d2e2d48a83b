using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>
/// The Entity Framework model of the tables: visitor links, idempotency keys, tracking batches and sessions.
/// </summary>
/// <remarks>
/// Table names start with <c>kameleoon_</c>, so that they can share a database with an application's tables.
/// </remarks>
internal sealed class KameleoonDbContext(DbContextOptions<KameleoonDbContext> options) : DbContext(options)
{
    internal DbSet<VisitorLinkRow> VisitorLinks => Set<VisitorLinkRow>();

    internal DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();

    internal DbSet<TrackingBatchRow> TrackingBatches => Set<TrackingBatchRow>();

    internal DbSet<VisitorSessionRow> VisitorSessions => Set<VisitorSessionRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(KameleoonDbContext).Assembly);
}
