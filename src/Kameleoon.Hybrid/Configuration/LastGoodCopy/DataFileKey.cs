namespace Kameleoon.Hybrid.Stores;

/// <summary>Identifies a data file among those of other sites, environments and platforms. The same on every server.</summary>
/// <param name="SiteCode">The site code.</param>
/// <param name="Environment">The environment, <c>production</c> where none is set.</param>
/// <param name="Address">16 hexadecimal digits that stand for the address of the data file.</param>
public sealed record DataFileKey(string SiteCode, string Environment, string Address)
{
    /// <summary>Returns site code, environment and address, separated by colons.</summary>
    public override string ToString() => $"{SiteCode}:{Environment}:{Address}";
}
