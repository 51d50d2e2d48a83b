using System.Diagnostics;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The sample API, compiled to native code and run as a process.</summary>
internal sealed class NativeApi : IAsyncDisposable
{
    private readonly Process _process;

    private NativeApi(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    internal HttpClient Http { get; }

    /// <summary>Publishes the sample.</summary>
    /// <returns>What the build wrote.</returns>
    internal static async Task<string> PublishAsync(string folder)
    {
        using var build = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", RepositoryFolder.Of("samples/Api"), "-c", "Release", "-o", folder, "--nologo"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        build.ExitCode.ShouldBe(0, output);
        return output;
    }

    /// <summary>Starts it with a sandbox as its platform.</summary>
    internal static async Task<NativeApi> StartAsync(string folder, Uri platform)
    {
        string[] endpoints = ["Configuration", "Stream", "Tracking", "Api", "Engine"];
        var process = Process.Start(new ProcessStartInfo(
            Path.Combine(folder, "Api"),
            [
                "--urls", "http://127.0.0.1:0", "--Kameleoon:Configuration:LastGoodCopy", "false",
                .. endpoints.SelectMany(name => (string[])["--Kameleoon:Endpoints:" + name, platform.ToString()]),
            ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split("Now listening on: ") is [_, var address])
            {
                _ = process.StandardOutput.ReadToEndAsync(); // or it would block once the pipe is full
                return new NativeApi(process, new Uri(address));
            }
        }

        throw new InvalidOperationException("The sample did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
