using System.Buffers.Text;
using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Http;

namespace ConsentAdapters;

/// <summary>Reads the purposes a visitor consented to from the IAB's TCF v2 string in the cookie <c>euconsent-v2</c>.
/// </summary>
/// <param name="purposes">The purposes, 1 to 24, that experiments need on your site, all of them. Default: 1 (store
/// information on the device) and 8 (measure content performance).</param>
/// <remarks>The bits are those of the core segment in the IAB's "Consent string and vendor list formats v2".</remarks>
public sealed class TcfConsent(params int[] purposes) : IKameleoonConsentProvider
{
    private const int VersionBits = 6;
    private const int FirstPurpose = 152;

    private readonly int[] _purposes = purposes is [] ? [1, 8] : purposes;

    /// <inheritdoc/>
    public bool? GetConsent(HttpContext context)
    {
        if (context.Request.Cookies["euconsent-v2"] is not { } text || Decode(text) is not { } bits)
        {
            return null;
        }

        return Array.TrueForAll(_purposes, purpose => IsSet(bits, FirstPurpose + purpose - 1));
    }

    private static byte[]? Decode(string text)
    {
        var core = text.Split('.')[0];
        if (!Base64Url.IsValid(core))
        {
            return null;
        }

        var bits = Base64Url.DecodeFromChars(core);
        return bits.Length * 8 >= FirstPurpose + 24 && bits[0] >> (8 - VersionBits) == 2 ? bits : null;
    }

    private static bool IsSet(byte[] bits, int place) => (bits[place / 8] & (0x80 >> (place % 8))) != 0;
}
