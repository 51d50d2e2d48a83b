namespace Kameleoon.Hybrid;

/// <summary>The names of the HTTP clients; all but the event stream's have a resilience pipeline.</summary>
internal static class PlatformClients
{
    internal const string Configuration = "Kameleoon.Configuration";
    internal const string Events = "Kameleoon.Events";
    internal const string Data = "Kameleoon.Data";
    internal const string Remote = "Kameleoon.Remote";
    internal const string Api = "Kameleoon.Api";

    /// <summary>The clients whose responses are read as a whole. The event stream never ends.</summary>
    internal static IReadOnlyList<string> Answering { get; } = [Configuration, Data, Remote, Api];

    internal static IReadOnlyList<string> All { get; } = [.. Answering, Events];

    internal static PlatformRequestKind KindOf(string client) => client switch
    {
        Configuration => PlatformRequestKind.Configuration,
        Events => PlatformRequestKind.Stream,
        Data => PlatformRequestKind.Tracking,
        Remote => PlatformRequestKind.RemoteData,
        _ => PlatformRequestKind.AccessToken,
    };

    internal static KameleoonEndpointResilienceOptions ResilienceOf(string client, KameleoonOptions options) => client switch
    {
        Configuration => options.Resilience.Configuration,
        Data => options.Resilience.Tracking,
        Remote => options.Resilience.Remote,
        Api => options.Resilience.Api,
        _ => throw new ArgumentOutOfRangeException(nameof(client), client, "It has no pipeline."),
    };
}
