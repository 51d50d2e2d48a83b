using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads strings that may contain half a surrogate pair, which JSON allows and .NET does not.</summary>
internal static class JsonText
{
    /// <returns>The text, or null when .NET cannot represent it.</returns>
    internal static string? GetTextOrNull(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
