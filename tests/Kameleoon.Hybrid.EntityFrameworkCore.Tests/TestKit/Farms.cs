namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Tests of several servers. They have a PostgreSQL of their own, so that they run beside the other tests.</summary>
[CollectionDefinition(nameof(Farms))]
public sealed class Farms : ICollectionFixture<PostgreSqlServer>;
