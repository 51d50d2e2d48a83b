using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>A real Redis of its own, in a folder that is deleted afterwards.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kameleoon-redis");
    private readonly int _port = LoopbackPort.Free();
    private Process? _process;

    /// <summary>Where it listens, as StackExchange.Redis reads it.</summary>
    internal string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>Starts it with settings of a test's own.</summary>
    internal async Task StartAsync(params string[] settings)
    {
        string[] all =
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName,
            "--save", "", "--enable-debug-command", "yes", .. settings,
        ];
        _process = Process.Start(new ProcessStartInfo("redis-server", all) { RedirectStandardOutput = true, UseShellExecute = false })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        await Eventually.IsTrueAsync(async () =>
        {
            try
            {
                // A connection of the client that is tried too early takes seconds to fail.
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, _port);
                await using var connection = await ConnectAsync();
                return await connection.GetDatabase().PingAsync() > TimeSpan.Zero;
            }
            catch (Exception e) when (e is RedisException or SocketException)
            {
                return false;
            }
        });
    }

    internal async Task<ConnectionMultiplexer> ConnectAsync() => await ConnectionMultiplexer.ConnectAsync(Address + ",allowAdmin=true");

    /// <summary>Runs a command of a test's own.</summary>
    internal async Task<RedisResult> ExecuteAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectAsync();
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    /// <summary>Stops it from answering, as a broken network does: connections stay open.</summary>
    internal Task CutOffAsync() => SignalAsync("-STOP");

    /// <summary>Lets it answer again.</summary>
    internal Task ReconnectAsync() => SignalAsync("-CONT");

    /// <summary>Ends it without a word, as a power failure would.</summary>
    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        kill.ExitCode.ShouldBe(0);
    }

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }
}

[CollectionDefinition(nameof(RedisServers))]
public sealed class RedisServers : ICollectionFixture<RedisServer>;
