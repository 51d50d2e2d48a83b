namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the engine runs: campaigns, goals, segments and settings.</summary>
internal interface IEngineProject
{
    /// <summary>The configuration of this moment. Who asks adds the site and the addresses.</summary>
    EngineConfiguration Read();
}

/// <summary>The experiments of the data file, for the engine to report.</summary>
internal sealed class DataFileEngineProject(SandboxDataFile dataFile) : IEngineProject
{
    public EngineConfiguration Read()
    {
        var content = dataFile.Read();
        return new EngineConfiguration
        {
            GeneratedAt = Math.Max(0, content.LastModified.ToUnixTimeMilliseconds()),
            Experiments = [.. content.Catalog.Experiments.Select(EngineExperiment.Of)],
        };
    }
}
