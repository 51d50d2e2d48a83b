namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the engine runs: campaigns, goals, segments and settings.</summary>
internal interface IEngineConfigurationSource
{
    /// <summary>The configuration of this moment. Who asks adds the site and the addresses.</summary>
    EngineConfiguration Read();
}
