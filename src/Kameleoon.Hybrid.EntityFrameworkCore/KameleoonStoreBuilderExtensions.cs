using Kameleoon.Hybrid;
using Kameleoon.Hybrid.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what is stored in the database of <c>AddSqliteStore</c> or <c>AddPostgreSqlStore</c> besides visitor
/// links: events and shared sessions.</summary>
public static class KameleoonStoreBuilderExtensions
{
    /// <summary>Stores events in the database of <c>AddSqliteStore</c> or <c>AddPostgreSqlStore</c> until the platform has
    /// accepted them, so that a restart does not lose them.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>Servers that share a PostgreSQL database also send each other's events. <c>Tracking:MaxOutboxBytes</c>
    /// limits the size.</remarks>
    public static IKameleoonBuilder AddTrackingOutbox(this IKameleoonBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<ITrackingOutbox, TrackingOutbox>());
        return builder.RequireStore();
    }

    /// <summary>Shares consent, custom data and forced variations of visitors between the servers of a farm, through
    /// the database of <c>AddPostgreSqlStore</c>.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>A server reads a visitor's session on the visitor's first request to it, within
    /// <c>SharedSessions:Timeout</c>, and receives later changes after about a second.</remarks>
    public static IKameleoonBuilder AddSharedSessions(this IKameleoonBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IVisitorSessionStore, VisitorSessionStore>());
        return builder.RequireStore();
    }

    private static IKameleoonBuilder RequireStore(this IKameleoonBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, StoreValidator>());
        return builder;
    }
}
