// Most of these tests wait for a database or another process, so more of them run at once than there are cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Tests of several servers. They have a PostgreSQL of their own, so that they run beside the other tests.</summary>
[CollectionDefinition(nameof(Farms))]
public sealed class Farms : ICollectionFixture<PostgreSqlServer>;
