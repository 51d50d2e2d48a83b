namespace Kameleoon.Hybrid.Settings;

/// <summary>What the platform is told of a user.</summary>
public enum MappingIdentifier
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What the store knows the user by: the keyed hash, or the id itself where plain storage is
    /// chosen.</summary>
    StoredKey,

    /// <summary>The user id, where other systems tell the platform the same. Ids longer than the 100 characters that
    /// the data API takes are not told.</summary>
    UserId,
}
