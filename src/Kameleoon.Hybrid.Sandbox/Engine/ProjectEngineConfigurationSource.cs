namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Provides the engine configuration of the project in force.</summary>
internal sealed class ProjectEngineConfigurationSource(ProjectFile dataFile) : IEngineConfigurationSource
{
    public EngineConfiguration Read()
    {
        var content = dataFile.Read();
        return (content.Project?.Engine ?? new EngineConfiguration()) with
        {
            GeneratedAt = Math.Max(0, content.LastModified.ToUnixTimeMilliseconds()),
        };
    }
}
