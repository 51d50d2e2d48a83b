namespace Kameleoon.Hybrid;

/// <summary>The names of the HTTP clients; each has a resilience pipeline of its own.</summary>
internal static class PlatformClients
{
    internal const string Configuration = "Kameleoon.Configuration";
    internal const string Data = "Kameleoon.Data";
    internal const string Api = "Kameleoon.Api";

    internal static IReadOnlyList<string> All { get; } = [Configuration, Data, Api];
}
