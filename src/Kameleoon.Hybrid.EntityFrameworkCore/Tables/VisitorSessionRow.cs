using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>One value of a visitor's session, such as consent or a custom data slot.</summary>
/// <remarks>Times are in Unix milliseconds by the database's clock.</remarks>
internal sealed class VisitorSessionRow
{
    internal string SiteCode { get; set; } = "";

    internal string VisitorCode { get; set; } = "";

    internal string Name { get; set; } = "";

    /// <summary>A JSON array of strings.</summary>
    internal string Value { get; set; } = "";

    /// <summary>The server that wrote the value.</summary>
    internal string Node { get; set; } = "";

    internal long ChangedAt { get; set; }

    internal long SeenAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<VisitorSessionRow>
    {
        public void Configure(EntityTypeBuilder<VisitorSessionRow> builder)
        {
            builder.ToTable("kameleoon_visitor_sessions");
            builder.Property(row => row.SiteCode).HasColumnName("site_code");
            builder.Property(row => row.VisitorCode).HasColumnName("visitor_code");
            builder.Property(row => row.Name).HasColumnName("name");
            builder.Property(row => row.Value).HasColumnName("value");
            builder.Property(row => row.Node).HasColumnName("node");
            builder.Property(row => row.ChangedAt).HasColumnName("changed_at");
            builder.Property(row => row.SeenAt).HasColumnName("seen_at");
            builder.HasKey(row => new { row.SiteCode, row.VisitorCode, row.Name });
        }
    }
}
