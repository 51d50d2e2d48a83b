using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>A visitor code that is linked to a person.</summary>
/// <remarks>Two unique keys keep links consistent without a lock: a code belongs to one person, and a person has one
/// code that is not merged into another.</remarks>
internal sealed class VisitorLinkRow
{
    internal string SiteCode { get; set; } = "";

    internal string VisitorCode { get; set; } = "";

    internal string UserKey { get; set; } = "";

    /// <summary>The time of the link in Unix milliseconds.</summary>
    internal long LinkedAt { get; set; }

    /// <summary>The person's own code, or null when this is their own code.</summary>
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
