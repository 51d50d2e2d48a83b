using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads text that JSON allows and .NET does not: an escape for half of a surrogate pair.</summary>
internal static class JsonText
{
    /// <returns>The text, or null when it is none.</returns>
    internal static string? OrNull(JsonElement element)
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
