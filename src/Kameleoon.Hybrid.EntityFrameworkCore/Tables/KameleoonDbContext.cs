using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>What the library keeps in a database. Each subject has its table; names start with <c>kameleoon_</c>, so that
/// they can stand beside an application's own.</summary>
internal sealed class KameleoonDbContext(DbContextOptions<KameleoonDbContext> options) : DbContext(options)
{
    internal DbSet<VisitorLinkRow> VisitorLinks => Set<VisitorLinkRow>();

    internal DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();

    internal DbSet<TrackingBatchRow> TrackingBatches => Set<TrackingBatchRow>();

    internal DbSet<VisitorSessionRow> VisitorSessions => Set<VisitorSessionRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(KameleoonDbContext).Assembly);
}
