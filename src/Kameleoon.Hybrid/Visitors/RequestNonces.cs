using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Gives the events of a request with an idempotency key their nonces.</summary>
/// <remarks>A nonce follows from the caller, the key and the place of the event in the request. When the request is sent
/// again, to whichever server, its events have the same nonces, so that the platform counts each event once.</remarks>
internal sealed class RequestNonces(string caller, string key)
{
    /// <summary>The place in the request of the event that is being applied, or -1 after the last one.</summary>
    internal int Place { get; set; }

    /// <summary>Returns an event with its nonce.</summary>
    internal TrackingEvent Number(in TrackingEvent one) => one with
    {
        Nonce = one.Data is Conversion { Key: { } conversion } ? conversion.NonceFor(caller) : NonceOf(

            // One event of a request can become several: the data and the conversion that it was held for, for instance.
            string.Create(
                CultureInfo.InvariantCulture,
                $"{caller}\n{key}\n{Place}\n{one.Kind}\n{one.Id}\n{one.VariationId}")),
    };

    /// <summary>Returns the nonce that follows from a text.</summary>
    internal static ulong NonceOf(string text) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
