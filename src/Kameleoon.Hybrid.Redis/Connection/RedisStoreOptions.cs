using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>The Redis that the application chose.</summary>
/// <param name="Configuration">How to connect, or null for the application's own connection.</param>
/// <param name="HasLinks">Whether it stores the links of users to visitor codes.</param>
internal sealed record RedisStoreOptions(ConfigurationOptions? Configuration, bool HasLinks);
