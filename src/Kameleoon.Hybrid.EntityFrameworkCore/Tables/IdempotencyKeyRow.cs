using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>A request that was taken.</summary>
internal sealed class IdempotencyKeyRow
{
    internal string SiteCode { get; set; } = "";

    internal string Caller { get; set; } = "";

    internal string Key { get; set; } = "";

    /// <summary>What the request said, hashed.</summary>
    internal string Content { get; set; } = "";

    /// <summary>In Unix milliseconds, by the clock of the database.</summary>
    internal long UsedAt { get; set; }

    /// <summary>1 once what the request said was safe, else 0: SQLite and PostgreSQL have no truth in common.</summary>
    internal long IsConfirmed { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<IdempotencyKeyRow>
    {
        public void Configure(EntityTypeBuilder<IdempotencyKeyRow> builder)
        {
            builder.ToTable("kameleoon_idempotency_keys");
            builder.Property(row => row.SiteCode).HasColumnName("site_code");
            builder.Property(row => row.Caller).HasColumnName("caller");
            builder.Property(row => row.Key).HasColumnName("key");
            builder.Property(row => row.Content).HasColumnName("content");
            builder.Property(row => row.UsedAt).HasColumnName("used_at");
            builder.Property(row => row.IsConfirmed).HasColumnName("is_confirmed");
            builder.HasKey(row => new { row.SiteCode, row.Caller, row.Key });
        }
    }
}
