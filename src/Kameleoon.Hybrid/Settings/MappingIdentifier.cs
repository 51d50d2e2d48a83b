namespace Kameleoon.Hybrid.Settings;

/// <summary>The value by which the platform recognises a signed-in user.</summary>
public enum MappingIdentifier
{
    /// <summary>None.</summary>
    None,

    /// <summary>The key in the store: the keyed hash, or the id itself with <see
    /// cref="KameleoonIdentityOptions.StorePlainUserIds"/>.</summary>
    StoredKey,

    /// <summary>The user id, for projects in which other systems send it too. Ids longer than the 100 characters that
    /// the data API accepts are not sent.</summary>
    UserId,
}
