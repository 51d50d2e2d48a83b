using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Stands between the library and the sandbox, speaks TLS, and does to each connection what a network and a
/// platform in trouble do.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly X509Certificate2 Trusted = Certificate();
    private static readonly X509Certificate2 Untrusted = Certificate();

    private readonly CancellationTokenSource _stopping = new();
    private readonly Uri _upstream;
    private readonly bool _isSecure;
    private TcpListener _listener;
    private Task _accepting;
#pragma warning disable CA2213 // It has no timer or link to release.
    private CancellationTokenSource _open = new();
#pragma warning restore CA2213
    private int _connections;

    /// <param name="upstream">Where requests go.</param>
    /// <param name="isSecure">Whether it speaks TLS.</param>
    /// <param name="port">Where it listens; a proxy that goes <see cref="DownAsync"/> needs a port that nobody else gets.</param>
    internal FaultProxy(Uri upstream, bool isSecure = true, int port = 0)
    {
        _upstream = upstream;
        _isSecure = isSecure;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal Uri Address => new($"{(_isSecure ? "https" : "http")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>What happens to the connections that come from now on.</summary>
    internal NetworkFault Fault { get; set; }

    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>Lets a client of the library accept this proxy's certificate, and no other.</summary>
    internal static void Trust(HttpMessageHandler handler) =>
        ((SocketsHttpHandler)handler).SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) =>
            certificate is not null && certificate.GetRawCertData().AsSpan().SequenceEqual(Trusted.RawData);

    /// <summary>Refuses connections until it is up again.</summary>
    internal async Task DownAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    internal void Up(Uri address)
    {
        _listener = new TcpListener(IPAddress.Loopback, address.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Breaks every connection that is open.</summary>
    internal void Cut() => Interlocked.Exchange(ref _open, new()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException
                or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _connections);
        var ending = Volatile.Read(ref _open).Token;
        var fault = Fault;
        using (socket)
        {
            try
            {
                await using var client = await OpenAsync(socket, fault, ending);
                var request = await ReadRequestAsync(client, ending);
                await AnswerAsync(client, socket, request, fault, ending);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException
                or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
            {
                // Either end has gone, as was to be expected.
            }
        }
    }

    private async Task<Stream> OpenAsync(Socket socket, NetworkFault fault, CancellationToken ending)
    {
        var plain = new NetworkStream(socket);
        if (!_isSecure)
        {
            return plain;
        }

        var tls = new SslStream(plain);
        var certificate = fault == NetworkFault.InvalidTls ? Untrusted : Trusted;
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ending);
        return tls;
    }

    private async Task AnswerAsync(Stream client, Socket socket, string request, NetworkFault fault, CancellationToken ending)
    {
        switch (fault)
        {
            case NetworkFault.None:
                await ForwardAsync(client, request, null, TimeSpan.Zero, ending);
                break;
            case NetworkFault.Delay:
                await Task.Delay(Timeout.Infinite, ending);
                break;
            case NetworkFault.Reset:
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
                break;
            case NetworkFault.HalfResponse:
                await ForwardAsync(client, request, 700, TimeSpan.Zero, ending);
                break;
            case NetworkFault.SlowTrickle:
                await ForwardAsync(client, request, null, TimeSpan.FromMilliseconds(50), ending);
                break;
            case NetworkFault.Garbage:
                await client.WriteAsync(RandomNumberGenerator.GetBytes(2000), ending);
                break;
            default:
                await client.WriteAsync(Canned(fault), ending);
                break;
        }
    }

    private async Task ForwardAsync(
        Stream client, string request, int? limit, TimeSpan pause, CancellationToken ending)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(_upstream.Host, _upstream.Port, ending);
        await using var stream = upstream.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)), ending);
        var buffer = new byte[pause > TimeSpan.Zero ? 1 : 16 * 1024];
        var left = limit ?? int.MaxValue;
        while (left > 0 && await stream.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), ending) is var read and > 0)
        {
            await client.WriteAsync(buffer.AsMemory(0, read), ending);
            await Task.Delay(pause, ending);
            left -= read;
        }
    }

    private static byte[] Canned(NetworkFault fault) => fault switch
    {
        NetworkFault.TooManyRequests => Http("429 Too Many Requests", "Retry-After: 1\r\n", "slow down"),
        NetworkFault.ServerError => Http("500 Internal Server Error", "", "oops"),
        NetworkFault.WrongContentType => Http("200 OK", "Content-Type: text/html\r\n", "<html>please log in</html>"),
        NetworkFault.NotModified => Http("304 Not Modified", "", ""),
        NetworkFault.EmptyObject => Http("200 OK", "Content-Type: application/json\r\n", "{}"),
        NetworkFault.TruncatedGzip => TruncatedGzip(),
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private static byte[] TruncatedGzip()
    {
        using var whole = new MemoryStream();
        using (var gzip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(RandomNumberGenerator.GetBytes(2000));
        }

        var half = whole.ToArray()[..(int)(whole.Length / 2)];
        return
        [
            .. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {half.Length}\r\n\r\n"),
            .. half,
        ];
    }

    private static byte[] Http(string status, string headers, string body) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status}\r\n{headers}Connection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    // The library's requests are ASCII, head and body.
    private static async Task<string> ReadRequestAsync(Stream stream, CancellationToken ending)
    {
        var request = new StringBuilder();
        var buffer = new byte[64 * 1024];
        for (int? length = null; length is null || request.Length < length; length ??= LengthOf(request.ToString()))
        {
            var read = await stream.ReadAsync(buffer, ending);
            request.Append(read > 0 ? Encoding.ASCII.GetString(buffer, 0, read) : throw new IOException("The client left."));
        }

        return request.ToString();
    }

    /// <summary>How long a request is, or null while its head is not there.</summary>
    private static int? LengthOf(string request)
    {
        const string name = "Content-Length: ";
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var place = request.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return head < 4 ? null
            : place < 0 || place > head ? head
            : head + int.Parse(request[(place + name.Length)..].Split('\r', 2)[0], CultureInfo.InvariantCulture);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

/// <summary>What goes wrong on the way.</summary>
public enum NetworkFault
{
    None,
    Delay,
    Reset,
    HalfResponse,
    SlowTrickle,
    TooManyRequests,
    ServerError,
    InvalidTls,
    Garbage,
    TruncatedGzip,
    WrongContentType,
    NotModified,
    EmptyObject,
}
