namespace Kameleoon.Hybrid.Settings;

/// <summary>Settings of signed-in users and their visitor codes. They apply once a store of links is added, for example by
/// <c>AddSqliteStore</c>.</summary>
public sealed class KameleoonIdentityOptions
{
    /// <summary>Which visitor code a browser has after its user signs in. Default
    /// <see cref="SignInPolicy.AdoptLinked"/>.</summary>
    public SignInPolicy SignIn { get; set; } = SignInPolicy.AdoptLinked;

    /// <summary>Which visitor code a browser has after its user signs out. Default
    /// <see cref="SignOutPolicy.KeepVisitor"/>.</summary>
    public SignOutPolicy SignOut { get; set; } = SignOutPolicy.KeepVisitor;

    /// <summary>The type of the claim that holds the user id. Default: the name identifier, else <c>sub</c>.</summary>
    public string? UserIdClaim { get; set; }

    /// <summary>Whether a claim of another issuer than this application is used together with its issuer, as
    /// <c>issuer id</c> with a blank between. Set it when users sign in with more than one identity provider and the claim
    /// is the provider's own, because two providers may give the same id to two users. Default false. Changing it separates
    /// the users of other issuers from their stored links.</summary>
    public bool UserIdIncludesIssuer { get; set; }

    /// <summary>The secret key for hashing user ids before they are stored (HMAC-SHA256): at least 32 characters, the same
    /// on every server. Required unless <see cref="StorePlainUserIds"/> is true. Changing it separates all users from their
    /// stored links. Keep it out of source control.</summary>
    public string? HashKey { get; set; }

    /// <summary>Whether user ids are stored without hashing, readable in the database. Default false.</summary>
    public bool StorePlainUserIds { get; set; }

    /// <summary>The value of a signed-in user's mapping identifier, the custom data by which the platform recognises one
    /// person on several devices, if the project has one. Default <see cref="MappingIdentifier.StoredKey"/>.</summary>
    public MappingIdentifier Mapping { get; set; } = MappingIdentifier.StoredKey;

    /// <summary>How long a request waits for the store before it uses the browser's code. Default 1 second; 10 milliseconds
    /// to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an idempotency key stays claimed by a request that neither confirmed nor released it: twice
    /// <see cref="Timeout"/> and 1 second.</summary>
    /// <remarks>No request takes longer after its claim, because storing its events and confirming or releasing its key
    /// have one <see cref="Timeout"/> each. When a server ends in the middle of a request, the request counts when it is
    /// sent again after this time.</remarks>
    public TimeSpan KeyLease => (2 * Timeout) + TimeSpan.FromSeconds(1);

    /// <summary>How many users are cached in memory. Default 100,000; 0 to 10,000,000. Each takes about 500 bytes.</summary>
    public int CacheSize { get; set; } = 100_000;

    /// <summary>How long a link is cached in memory. Links do not change, but another server may delete one. Default 5
    /// minutes; 1 second to 1 day.</summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is cached that a user has no link. Another server may write one at any time. Default 5 seconds; 0
    /// to 1 hour.</summary>
    public TimeSpan NegativeCacheDuration { get; set; } = TimeSpan.FromSeconds(5);
}
