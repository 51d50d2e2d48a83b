namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The project in force, for the engine.</summary>
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
