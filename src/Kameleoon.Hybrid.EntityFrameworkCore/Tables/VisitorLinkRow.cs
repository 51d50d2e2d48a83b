using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>A code of a person. Two unique keys make links safe without a lock: a code is one person's, and of a person's
/// codes one is merged into no other.</summary>
internal sealed class VisitorLinkRow
{
    internal string SiteCode { get; set; } = "";

    internal string VisitorCode { get; set; } = "";

    internal string UserKey { get; set; } = "";

    /// <summary>In Unix milliseconds.</summary>
    internal long LinkedAt { get; set; }

    internal string? MergedInto { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<VisitorLinkRow>
    {
        public void Configure(EntityTypeBuilder<VisitorLinkRow> builder)
        {
            builder.ToTable("kameleoon_visitor_links");
            builder.Property(row => row.SiteCode).HasColumnName("site_code");
            builder.Property(row => row.VisitorCode).HasColumnName("visitor_code");
            builder.Property(row => row.UserKey).HasColumnName("user_key");
            builder.Property(row => row.LinkedAt).HasColumnName("linked_at");
            builder.Property(row => row.MergedInto).HasColumnName("merged_into");
            builder.HasKey(row => new { row.SiteCode, row.VisitorCode });
        }
    }
}
