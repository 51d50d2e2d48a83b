namespace Kameleoon.Hybrid.Settings;

/// <summary>One visitor code a person. In force once a store of links is added, such as
/// <c>AddSqliteStore</c>.</summary>
public sealed class KameleoonIdentityOptions
{
    /// <summary>What becomes of a browser's visitor code when its user is signed in. Default
    /// <see cref="SignInPolicy.AdoptLinked"/>.</summary>
    public SignInPolicy SignIn { get; set; } = SignInPolicy.AdoptLinked;

    /// <summary>What becomes of it when the user is not signed in any more. Default
    /// <see cref="SignOutPolicy.KeepVisitor"/>.</summary>
    public SignOutPolicy SignOut { get; set; } = SignOutPolicy.KeepVisitor;

    /// <summary>The type of the claim that holds the user id. Default: the name identifier, else <c>sub</c>.</summary>
    public string? UserIdClaim { get; set; }

    /// <summary>Whether an id that another issuer than this application gave counts together with its issuer, as
    /// <c>issuer id</c> with a blank between. Set it where people sign in by more than one identity provider and the
    /// claim is the provider's own: two providers give the same id to two people. Default false. With another value
    /// whom providers know are strangers.</summary>
    public bool UserIdIncludesIssuer { get; set; }

    /// <summary>The secret by which user ids are hashed before they are stored (HMAC-SHA256): at least 32 characters,
    /// the same on every server. Required unless <see cref="StorePlainUserIds"/>. With another key nobody is known any
    /// more. Keep it out of source control.</summary>
    public string? HashKey { get; set; }

    /// <summary>Whether user ids are stored as they are, readable by whoever reads the database. Default
    /// false.</summary>
    public bool StorePlainUserIds { get; set; }

    /// <summary>What the platform is told of a signed-in user in the custom data that identifies a person across
    /// devices, if the project has one. Default <see cref="MappingIdentifier.StoredKey"/>.</summary>
    public MappingIdentifier Mapping { get; set; } = MappingIdentifier.StoredKey;

    /// <summary>How long a request waits for the store before it goes on with the browser's code. Default 1 second;
    /// 10 milliseconds to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many users are remembered in memory. Default 100,000; 0 to 10,000,000. One takes about 500 bytes.
    /// </summary>
    public int CacheSize { get; set; } = 100_000;

    /// <summary>How long a link is remembered in memory. It never changes, but it may be forgotten on another server.
    /// Default 5 minutes; 1 second to 1 day.</summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is remembered that a user has no link, which another server may write at any time. Default
    /// 5 seconds; 0 to 1 hour.</summary>
    public TimeSpan NegativeCacheDuration { get; set; } = TimeSpan.FromSeconds(5);
}
