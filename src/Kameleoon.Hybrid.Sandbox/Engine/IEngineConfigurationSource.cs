namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Provides the configuration of the browser engine.</summary>
internal interface IEngineConfigurationSource
{
    /// <summary>Returns the current configuration. The caller adds the site code and the URLs.</summary>
    EngineConfiguration Read();
}
