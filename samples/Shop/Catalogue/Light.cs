namespace Shop.Catalogue;

/// <summary>Where a plant is happy.</summary>
internal enum Light
{
    Shade,
    Bright,
    FullSun,
}
