namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>The part of a random flag that conditions and visitors refer to.</summary>
internal sealed record RandomFlag(long Id, string Key, bool IsEnabled, RandomRule[] Rules);

/// <summary>The part of a random rule that conditions and visitors refer to.</summary>
internal sealed record RandomRule(long Id, long ExperimentId, bool IsDelivery, RandomExposure[] Exposures);

/// <summary>A variation and its share.</summary>
internal sealed record RandomExposure(string Key, long? Id, double Share);
