using Kameleoon.Hybrid;
using Microsoft.AspNetCore.OutputCaching;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets ASP.NET Core's output cache store pages that depend on variations.</summary>
public static class KameleoonOutputCacheOptionsExtensions
{
    /// <summary>Adds a policy that keeps a copy of a page for each combination of the variations it depends on.</summary>
    /// <param name="options">The output cache's options.</param>
    /// <param name="name">The policy's name, for <c>[OutputCache(PolicyName = …)]</c> or <c>CacheOutput(…)</c>.</param>
    /// <param name="featureKeys">The flags that the page decides. A page that decides another one, or asks for the
    /// visitor code, is not stored.</param>
    /// <param name="expiration">How long a copy is kept. Default: the output cache's own time.</param>
    /// <param name="maxCells">How many combinations are stored; visitors of further ones get their page made for them.
    /// Default 100; at least 1.</param>
    /// <remarks>
    /// A copy's visitors are counted as if the page had been made for each: its tracking tag hands the same experiments
    /// to the engine, and what no tag carries the server reports. Call <c>UseKameleoonVisitorCode</c> before
    /// <c>UseOutputCache</c>; the other order stores nothing and is logged as an error, and throws in Development. Pages
    /// with a nonce are not stored, nor those of signed-in users. To browsers and proxies the page is private all the
    /// same. Copies carry the policy's name as a tag, by which they can be evicted.
    /// </remarks>
    /// <exception cref="ArgumentException">No flag is named, or one twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for a single cell.</exception>
    public static void AddKameleoonVariationPolicy(
        this OutputCacheOptions options,
        string name,
        IEnumerable<string> featureKeys,
        TimeSpan? expiration = null,
        int maxCells = 100)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(featureKeys);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCells, 1);
        string[] keys = [.. featureKeys];
        if (keys.Length == 0 || keys.Distinct(StringComparer.Ordinal).Count() < keys.Length)
        {
            throw new ArgumentException("Name the flags that the page depends on, each once.", nameof(featureKeys));
        }

        options.AddPolicy(name, new VariationCachePolicy(name, keys, expiration, maxCells));
    }
}
