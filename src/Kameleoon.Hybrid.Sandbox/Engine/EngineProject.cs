namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The project in force, for the engine.</summary>
internal sealed class EngineProject(SandboxDataFile dataFile) : IEngineProject
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
