namespace Kameleoon.Hybrid.Architecture.Tests.Sources;

/// <summary>A file of one folder names a type of another folder.</summary>
internal sealed record Mention(string From, string To, string File, string Type)
{
    public override string ToString() => $"{From}/{File} mentions {To}/{Type}";
}
