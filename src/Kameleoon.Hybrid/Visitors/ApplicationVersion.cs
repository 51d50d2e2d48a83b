namespace Kameleoon.Hybrid;

/// <summary>The version of the application the visitor uses, for instance a mobile one.</summary>
/// <param name="Version"><c>major[.minor[.patch]]</c>, whole numbers; with any other text no condition holds.</param>
public sealed record ApplicationVersion(string Version) : IVisitorData
{
    /// <summary><c>major[.minor[.patch]]</c>.</summary>
    public string Version { get; } = Version ?? throw new ArgumentNullException(nameof(Version));

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known with { ApplicationVersion = Version };
}
