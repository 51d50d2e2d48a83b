using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>Ports for servers that tests stop and start again.</summary>
internal static class LoopbackPort
{
    /// <summary>Returns a free port below the range that the system gives out by itself, so that no other program gets it while
    /// the server is down.</summary>
    internal static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(15_000, 30_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
