using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>
/// The Entity Framework model of the tables: visitor links, idempotency keys, tracking batches and sessions.
/// </summary>
/// <remarks>
/// Table names start with <c>kameleoon_</c>, so that they can share a database with an application's tables.
/// </remarks>
[method: RequiresUnreferencedCode(NotTrimmable)]
[method: RequiresDynamicCode(NotTrimmable)]
internal sealed class KameleoonDbContext(DbContextOptions<KameleoonDbContext> options) : DbContext(options)
{
    internal const string NotTrimmable =
        "Entity Framework Core does not support trimming and native AOT. Publish applications with a store without both.";

    internal DbSet<VisitorLinkRow> VisitorLinks => Set<VisitorLinkRow>();

    internal DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();

    internal DbSet<TrackingBatchRow> TrackingBatches => Set<TrackingBatchRow>();

    internal DbSet<VisitorSessionRow> VisitorSessions => Set<VisitorSessionRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfiguration(new VisitorLinkRow.Mapping())
        .ApplyConfiguration(new IdempotencyKeyRow.Mapping())
        .ApplyConfiguration(new TrackingBatchRow.Mapping())
        .ApplyConfiguration(new VisitorSessionRow.Mapping());
}
