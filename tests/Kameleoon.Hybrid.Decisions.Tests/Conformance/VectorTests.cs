using Xunit.Abstractions;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Runs the decisions recorded from the official SDKs; see the README beside the vectors.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    private const string FolderVariable = "KAMELEOON_DECISION_VECTORS";

    [Fact]
    public void Every_recorded_decision_is_taken_alike()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(AppContext.BaseDirectory, "Vectors");
        var files = Directory.GetFiles(folder, "*.json");
        var score = new VectorScore();

        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            new VectorCase(file, score).Run();
        }

        Say($"vectors: {score.EqualDecisions} decisions equal, {score.DifferentDecisions} different");
        Say($"vectors: {score.EqualOthers} other values equal, {score.DifferentOthers} different");
        files.ShouldNotBeEmpty();
        score.Differences.ShouldBeEmpty();
    }

    private void Say(string line)
    {
        Console.WriteLine(line);
        output.WriteLine(line);
    }
}
