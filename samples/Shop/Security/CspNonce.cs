using System.Security.Cryptography;

namespace Shop.Security;

/// <summary>The number used once that lets this response's own inline scripts run.</summary>
internal sealed class CspNonce
{
    private const int Length = 32;

    public string Value { get; } = RandomNumberGenerator.GetHexString(Length, lowercase: true);
}
