using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The idempotency key of an accepted request.</summary>
internal sealed class IdempotencyKeyRow
{
    internal string SiteCode { get; set; } = "";

    internal string Caller { get; set; } = "";

    internal string Key { get; set; } = "";

    /// <summary>A hash of the request's content.</summary>
    internal string Content { get; set; } = "";

    /// <summary>Unix milliseconds by the database's clock.</summary>
    internal long UsedAt { get; set; }

    /// <summary>
    /// 1 when the events of the request are stored, else 0. A number, because SQLite has no boolean type.
    /// </summary>
    internal long IsConfirmed { get; set; }

    /// <summary>The attempt that claimed the key last.</summary>
    internal string ClaimedBy { get; set; } = "";

    /// <summary>Confirms a key, if its attempt still holds the claim.</summary>
    internal static Task ConfirmAsync(
        KameleoonDbContext context, string siteCode, IdempotencyKey key, CancellationToken cancellation) =>
        ClaimedAs(context, siteCode, key)
            .ExecuteUpdateAsync(row => row.SetProperty(static one => one.IsConfirmed, 1L), cancellation);

    /// <summary>Returns the row of a key, if its attempt holds the claim.</summary>
    internal static IQueryable<IdempotencyKeyRow> ClaimedAs(KameleoonDbContext context, string siteCode, IdempotencyKey key)
    {
        var (caller, name, attempt) = (key.Caller, key.Key, TextOf(key.Attempt));
        return context.IdempotencyKeys.Where(row =>
            row.SiteCode == siteCode && row.Caller == caller && row.Key == name && row.ClaimedBy == attempt);
    }

    internal static string TextOf(Guid attempt) => attempt.ToString("N");

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
            builder.Property(row => row.ClaimedBy).HasColumnName("claimed_by");
            builder.HasKey(row => new { row.SiteCode, row.Caller, row.Key });
        }
    }
}
