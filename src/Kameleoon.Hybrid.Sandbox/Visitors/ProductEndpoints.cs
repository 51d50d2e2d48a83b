using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Stands in for the platform's product recommendations: what visitors of a product also viewed and bought.
/// </summary>
internal sealed class ProductEndpoints(Recorder recorder)
{
    private const int DefaultCount = 10;
    private const int MaxCount = 100;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/products/recommendations", RecommendAsync);
        routes.MapGet("/products/collections", CollectAsync);
        routes.MapGet("/products/interactions", CountAsync);
        routes.MapGet("/products/data", DescribeAsync);
        routes.MapGet("/products/search", SearchAsync);
    }

    /// <summary>Recommends for the product <c>item</c>, else for what the visitor did before.</summary>
    private Task RecommendAsync(HttpContext context) => WriteAsync(context, (json, products) =>
    {
        var query = context.Request.Query;
        var own = products.InterestsOf(query["visitorCode"].ToString());
        string[] bases = query["item"] is [{ Length: > 0 } item, ..] ? [item] : [.. own.Keys];
        var excluded = Texts(query["exclude"].ToString())
            .Concat(own.Where(one => one.Value >= ProductAction.Weight(ProductAction.Purchase)).Select(one => one.Key))
            .ToHashSet(StringComparer.Ordinal);
        json.WriteString("id", query["code"].ToString());
        json.WriteString("title", "Recommended products");
        json.WriteString("html", "");
        WriteProducts(json, context, products.Recommend(bases, excluded));
    });

    private Task CollectAsync(HttpContext context) => WriteAsync(context, (json, products) =>
    {
        json.WriteString("id", context.Request.Query["collection"].ToString());
        json.WriteString("html", "");
        WriteProducts(json, context, products.Recommend([], new HashSet<string>(StringComparer.Ordinal)));
    });

    private Task CountAsync(HttpContext context) => WriteAsync(context, (json, products) =>
    {
        var (from, to) = (Time(context, "timeBegin"), Time(context, "timeEnd"));
        foreach (var id in Texts(context.Request.Query["eans"].ToString()))
        {
            var product = products.Find(id);
            json.WriteStartObject(id);
            json.WriteNumber("views", product?.Count(ProductAction.View, from, to) ?? 0);
            json.WriteNumber("cartQuantities", product?.Count(ProductAction.Cart, from, to) ?? 0);
            json.WriteNumber("boughtQuantities", product?.Count(ProductAction.Purchase, from, to) ?? 0);
            json.WriteEndObject();
        }
    });

    private Task DescribeAsync(HttpContext context) => WriteAsync(context, (json, products) =>
    {
        foreach (var id in Texts(context.Request.Query["eans"].ToString()))
        {
            if (products.Find(id) is { } product)
            {
                json.WritePropertyName(id);
                Write(json, product);
            }
        }
    });

    private Task SearchAsync(HttpContext context) => WriteAsync(context, (json, products) =>
    {
        var query = context.Request.Query["query"].ToString();
        var found = products.All
            .Where(product => query.Length > 0
                && (product.Name.Contains(query, StringComparison.OrdinalIgnoreCase) || product.Id.Is(query)))
            .OrderByDescending(product => product.Popularity)
            .ThenBy(product => product.Id, StringComparer.Ordinal)
            .ToList();
        json.WriteString("search_query", query);
        json.WriteNumber("products_total", found.Count);
        WriteAll(json, found.Take(Count(context)));
    });

    /// <summary>Writes ids, or with <c>extended</c> all that is known of the products.</summary>
    private static void WriteProducts(Utf8JsonWriter json, HttpContext context, IEnumerable<RecordedProduct> products)
    {
        var chosen = products.Take(Count(context));
        if (context.Request.Query["extended"].ToString() is "1" or "true")
        {
            WriteAll(json, chosen);
            return;
        }

        json.WriteStartArray("products");
        foreach (var product in chosen)
        {
            json.WriteStringValue(product.Id);
        }

        json.WriteEndArray();
    }

    private static void WriteAll(Utf8JsonWriter json, IEnumerable<RecordedProduct> products)
    {
        json.WriteStartArray("products");
        foreach (var product in products)
        {
            Write(json, product);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, RecordedProduct product)
    {
        json.WriteStartObject();
        json.WriteString("id", product.Id);
        foreach (var (name, value) in product.Data.Where(member => !member.Key.Is("id")))
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private Task WriteAsync(HttpContext context, Action<Utf8JsonWriter, RecordedProducts> write)
    {
        var answer = recorder.Read(view =>
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                write(json, view.Counters.Products);
                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(buffer.ToArray());
        });
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = EngineAnswers.NotReused;
        return context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private static int Count(HttpContext context) => int.TryParse(
        context.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? Math.Clamp(count, 1, MaxCount)
        : DefaultCount;

    private static DateTimeOffset? Time(HttpContext context, string name) => long.TryParse(
        context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(time)
        : null;

    /// <summary>The texts of a JSON list, each once, or the text itself.</summary>
    private static IReadOnlyCollection<string> Texts(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(HalfPairs.Replace(value));
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(item => item.ToString()).Distinct(StringComparer.Ordinal).Take(MaxCount)]
                : [value];
        }
        catch (JsonException)
        {
            return value.Length == 0 ? [] : [value];
        }
    }
}
