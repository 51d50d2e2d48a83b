using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.Memory;

namespace Kameleoon.Hybrid.Sandbox.Host;

/// <summary>Runs the sandbox until it is stopped.</summary>
internal static class SandboxProgram
{
    private const string DataFileKey = "Kameleoon:Sandbox:DataFile";

    // Its errors at the start are told in a sentence instead.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <returns>The exit code: 0, or 1 where the sandbox could not start.</returns>
    internal static async Task<int> RunAsync(SandboxArguments arguments, CancellationToken stopping)
    {
        var started = false;
        var builder = CreateBuilder(arguments);
        builder.Logging.AddFilter(HostCategory, level => level >= LogLevel.Information && Volatile.Read(ref started));
        var file = builder.Configuration[DataFileKey]!;
        if (!File.Exists(file))
        {
            return await FailAsync($"There is no project at {file}. Create it, or name another with --project.");
        }

        await using var app = builder.Build();
        app.MapKameleoonSandbox(prefix: "");
        try
        {
            await app.StartAsync(stopping);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            return await FailAsync($"{failure.Message.TrimEnd('.')}. Name another port with --port, or 0 for a free one.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return await FailAsync($"The sandbox cannot start: {failure.Message}");
        }

        Volatile.Write(ref started, true);
        await Console.Out.WriteLineAsync($"The live page is at {string.Join(" and ", app.Urls)} (Ctrl+C stops the sandbox)");
        await app.WaitForShutdownAsync(stopping);
        return 0;
    }

    private static WebApplicationBuilder CreateBuilder(SandboxArguments arguments)
    {
        // The content root is this program's folder, so that the settings of an application in the current folder do not
        // apply. It is a tool for development, whatever the environment of that application is.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Development,
        });

        // Inserted first, so that the environment overrides it.
        builder.Configuration.Sources.Insert(0, Settings(new(StringComparer.OrdinalIgnoreCase)
        {
            ["urls"] = Address(5480),
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Kameleoon:Sandbox:Storage"] = "",
            [DataFileKey] = File.Exists("kameleoon.json") ? "kameleoon.json" : Path.Combine(AppContext.BaseDirectory, "kameleoon.json"),
        }));
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Kameleoon:Sandbox:Enabled"] = "true",
            [DataFileKey] = Path.GetFullPath(arguments.Project ?? builder.Configuration[DataFileKey]!),
        };
        if (arguments.Port is { } port)
        {
            given["urls"] = Address(port);
        }

        if (arguments.Storage is { } storage)
        {
            given["Kameleoon:Sandbox:Storage"] = storage;
        }

        builder.Configuration.Sources.Add(Settings(given));
        builder.Services.AddKameleoonSandbox();
        return builder;
    }

    private static MemoryConfigurationSource Settings(Dictionary<string, string?> values) => new() { InitialData = values };

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
