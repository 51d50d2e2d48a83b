using System.Globalization;
using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

internal static class JsonWriting
{
    internal static JsonArray ToJson(this IEnumerable<JsonNode?> items) => new([.. items]);

    internal static JsonArray ToJson(this IEnumerable<string> items) =>
        items.Select(static item => (JsonNode?)item).ToJson();

    internal static JsonArray ToJson(this IEnumerable<bool> items) =>
        items.Select(static item => (JsonNode?)item).ToJson();

    internal static string ToText(this long number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string ToText(this int number) => number.ToString(CultureInfo.InvariantCulture);
}
