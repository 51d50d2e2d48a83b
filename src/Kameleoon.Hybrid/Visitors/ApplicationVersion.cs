namespace Kameleoon.Hybrid;

/// <summary>The version of the application that the visitor uses, for example a mobile application.</summary>
/// <param name="Version"><c>major[.minor[.patch]]</c>, whole numbers. With any other text, conditions on the version
/// are false.</param>
public sealed record ApplicationVersion(string Version) : IVisitorData
{
    /// <summary><c>major[.minor[.patch]]</c>.</summary>
    public string Version { get; } = Version ?? throw new ArgumentNullException(nameof(Version));

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known with { ApplicationVersion = Version };
}
