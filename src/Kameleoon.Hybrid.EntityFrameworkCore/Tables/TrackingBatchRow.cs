using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>A batch of events that the platform has not accepted yet.</summary>
internal sealed class TrackingBatchRow
{
    /// <summary>The id in hexadecimal digits, which sort like the ids.</summary>
    internal string BatchId { get; set; } = "";

    internal string SiteCode { get; set; } = "";

    internal byte[] Body { get; set; } = [];

    /// <summary>The bytes that the batch counts towards the limit of the outbox.</summary>
    internal long ByteCount { get; set; }

    internal long EventCount { get; set; }

    /// <summary>Unix milliseconds by the database's clock.</summary>
    internal long CreatedAt { get; set; }

    /// <summary>The server that claimed the batch last.</summary>
    internal string ClaimedBy { get; set; } = "";

    /// <summary>Unix milliseconds by the database's clock.</summary>
    internal long ClaimedUntil { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<TrackingBatchRow>
    {
        public void Configure(EntityTypeBuilder<TrackingBatchRow> builder)
        {
            builder.ToTable("kameleoon_tracking_batches");
            builder.Property(row => row.BatchId).HasColumnName("batch_id");
            builder.Property(row => row.SiteCode).HasColumnName("site_code");
            builder.Property(row => row.Body).HasColumnName("body");
            builder.Property(row => row.ByteCount).HasColumnName("byte_count");
            builder.Property(row => row.EventCount).HasColumnName("event_count");
            builder.Property(row => row.CreatedAt).HasColumnName("created_at");
            builder.Property(row => row.ClaimedBy).HasColumnName("claimed_by");
            builder.Property(row => row.ClaimedUntil).HasColumnName("claimed_until");
            builder.HasKey(row => row.BatchId);
        }
    }
}
