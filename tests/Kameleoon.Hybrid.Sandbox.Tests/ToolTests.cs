using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The command <c>kameleoon-sandbox</c>, as a process that starts in an empty folder.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kameleoon-tool");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--help", "--storage")]
    [InlineData("-h", "--port")]
    [InlineData("--version", "0.1.0")]
    public async Task Help_and_version_are_printed_and_nothing_starts(string option, string expected)
    {
        var (exitCode, output, errors) = await RunAsync(option);

        exitCode.ShouldBe(0);
        output.ShouldContain(expected);
        errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--prot 5480", "--prot")]
    [InlineData("--Kameleoon:Sandbox:DataFile=kameleoon.json", "--Kameleoon:Sandbox:DataFile")]
    [InlineData("serve", "serve")]
    [InlineData("--port eighty", "eighty")]
    [InlineData("--port 65536", "65535")]
    [InlineData("--port -1", "65535")]
    [InlineData("--project missing.json", "missing.json")]
    [InlineData("-p .", "There is no project at")]
    public async Task A_mistake_in_the_arguments_is_told_and_is_an_error(string arguments, string named)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);

        exitCode.ShouldBe(1);
        errors.ShouldContain(named);
        output.ShouldNotContain("live page");
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line_that_names_the_remedy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (exitCode, _, errors) = await RunAsync($"--port {port}");

        exitCode.ShouldBe(1);
        errors.Trim().ShouldNotContain('\n');
        errors.ShouldContain(port);
        errors.ShouldContain("--port");
    }

    [Fact]
    public async Task Without_a_project_the_demo_is_served_without_a_warning_and_the_folder_stays_empty()
    {
        var (output, dataFile) = await ServeAsync("--port 0");

        dataFile.ShouldContain("free-shipping");
        output.ShouldNotContain("warn");
        _folder.GetFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_project_of_the_current_folder_is_served_and_its_application_s_settings_do_not_apply()
    {
        Write("kameleoon.json", """{ "flags": { "mine": { "variations": { "off": {} } } } }""");
        Write("appsettings.json", """
            { "Kestrel": { "Endpoints": { "Http": { "Url": "http://192.0.2.1:80" } } }, "Kameleoon": { "Sandbox": { "Enabled": false } } }
            """);

        var (_, dataFile) = await ServeAsync("--port 0");

        dataFile.ShouldContain("mine");
    }

    [Fact]
    public async Task A_named_project_is_served_and_events_are_kept_where_the_option_says()
    {
        Write("kameleoon.json", """{ "flags": { "mine": { "variations": { "off": {} } } } }""");
        Write("other.json", """{ "flags": { "other": { "variations": { "off": {} } } } }""");

        var (_, dataFile) = await ServeAsync("-p other.json --port 0 --storage kept/events.db");

        dataFile.ShouldContain("other");
        File.Exists(Path.Combine(_folder.FullName, "kept", "events.db")).ShouldBeTrue();
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    /// <returns>What was printed until the sandbox listened, and the data file that it served.</returns>
    private async Task<(string Output, string DataFile)> ServeAsync(string arguments)
    {
        using var process = Start(arguments);
        using var hang = new CancellationTokenSource(HangGuard.Timeout);
        var errors = process.StandardError.ReadToEndAsync(hang.Token);
        var output = "";
        try
        {
            while (!output.Contains("Ctrl+C", StringComparison.Ordinal))
            {
                var line = await process.StandardOutput.ReadLineAsync(hang.Token);
                output += (line ?? throw new InvalidOperationException($"It ended. {output} {await errors}")) + '\n';
            }

            var address = output.Split(' ', '\n').Last(static word => word.StartsWith("http://", StringComparison.Ordinal));
            using var http = new HttpClient();
            return (output, await http.GetStringAsync(new Uri($"{address}/v3/any0site00"), hang.Token));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(hang.Token);
            (await errors).ShouldBeEmpty();
        }
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string arguments)
    {
        using var process = Start(arguments);
        using var hang = new CancellationTokenSource(HangGuard.Timeout);
        var output = process.StandardOutput.ReadToEndAsync(hang.Token);
        var errors = process.StandardError.ReadToEndAsync(hang.Token);
        try
        {
            await process.WaitForExitAsync(hang.Token);
        }
        finally
        {
            process.Kill(); // Does nothing to a process that has ended.
        }

        return (process.ExitCode, await output, await errors);
    }

    private Process Start(string arguments) => Process.Start(
        new ProcessStartInfo("dotnet", $"{SandboxTool.File} {arguments}")
        {
            WorkingDirectory = _folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        })!;
}
