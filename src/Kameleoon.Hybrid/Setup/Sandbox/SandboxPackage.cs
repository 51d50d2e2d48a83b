using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid;

/// <summary>The package Kameleoon.Hybrid.Sandbox, which is found while the application runs: a published application does
/// without it.</summary>
internal sealed class SandboxPackage
{
    /// <summary>What to do where the sandbox is enabled and the package is missing.</summary>
    internal const string IsMissing =
        "The sandbox is enabled, because the environment is Development or Kameleoon:Sandbox:Enabled is true, but the package "
        + "Kameleoon.Hybrid.Sandbox is not beside the application. Add it with dotnet add package Kameleoon.Hybrid.Sandbox. A "
        + "published application has it only with <PublishKameleoonSandbox>true</PublishKameleoonSandbox> in its project file. "
        + "To use the platform instead, set Kameleoon:Sandbox:Enabled to false.";

    private const BindingFlags Internal = BindingFlags.Static | BindingFlags.NonPublic;

    private static readonly Lazy<SandboxPackage?> Found = new(Find);

    private SandboxPackage(
        Action<IServiceCollection> add,
        Func<IServiceProvider, bool> isEnabled,
        Func<IServiceProvider, HttpMessageHandler> newHandler,
        Action<RouteGroupBuilder, IServiceProvider, string, Func<(string SiteCode, string? Environment)>, RequestDelegate?> map)
    {
        Add = add;
        IsEnabled = isEnabled;
        NewHandler = newHandler;
        Map = map;
    }

    /// <summary>The package; null where it is not beside the application.</summary>
    internal static SandboxPackage? Present => Found.Value;

    internal Action<IServiceCollection> Add { get; }

    internal Func<IServiceProvider, bool> IsEnabled { get; }

    internal Func<IServiceProvider, HttpMessageHandler> NewHandler { get; }

    internal Action<RouteGroupBuilder, IServiceProvider, string, Func<(string SiteCode, string? Environment)>, RequestDelegate?> Map { get; }

    /// <summary>Whether the settings enable a sandbox whose package is missing.</summary>
    internal static bool IsMissed(IConfiguration settings, IHostEnvironment environment) =>
        Present is null
        && (bool.TryParse(settings["Kameleoon:Sandbox:Enabled"], out var enabled) ? enabled : environment.IsDevelopment());

    // Constant names, so that trimming keeps the methods where the package is published.
    private static SandboxPackage? Find() =>
        Type.GetType("Kameleoon.Hybrid.Sandbox.SandboxSetup, Kameleoon.Hybrid.Sandbox") is { } setup
            ? new SandboxPackage(
                Read<Action<IServiceCollection>>(setup.GetMethod("Add", Internal)),
                Read<Func<IServiceProvider, bool>>(setup.GetMethod("IsEnabled", Internal)),
                Read<Func<IServiceProvider, HttpMessageHandler>>(setup.GetMethod("NewHandler", Internal)),
                Read<Action<RouteGroupBuilder, IServiceProvider, string, Func<(string SiteCode, string? Environment)>, RequestDelegate?>>(
                    setup.GetMethod("Map", Internal)))
            : null;

    private static T Read<T>(MethodInfo? method)
        where T : Delegate =>
        (T?)method?.CreateDelegate(typeof(T)) ?? throw new InvalidOperationException(
            "The packages Kameleoon.Hybrid and Kameleoon.Hybrid.Sandbox do not fit together. Install the same version of both.");
}
