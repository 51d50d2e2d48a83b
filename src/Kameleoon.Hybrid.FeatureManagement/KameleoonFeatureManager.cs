using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace Kameleoon.Hybrid.FeatureManagement;

/// <summary>Decides the flags of the data file for the request's visitor, and passes all other features to the feature
/// manager of Microsoft.FeatureManagement.</summary>
/// <remarks>Outside of a request, the user of a targeting context is the visitor. Without one, Kameleoon's flags are off.
/// </remarks>
internal sealed class KameleoonFeatureManager(
    IVariantFeatureManager others,
    IKameleoonConfiguration configuration,
    IKameleoonClientFactory clients,
    IHttpContextAccessor requests) : IVariantFeatureManager, IFeatureManager
{
    private const int MaxCodeLength = 255;

    public async IAsyncEnumerable<string> GetFeatureNamesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var flag in configuration.DataFile?.Flags ?? [])
        {
            if (named.Add(flag.Key))
            {
                yield return flag.Key;
            }
        }

        await foreach (var name in others.GetFeatureNamesAsync(cancellationToken))
        {
            if (named.Add(name))
            {
                yield return name;
            }
        }
    }

    public ValueTask<bool> IsEnabledAsync(string feature, CancellationToken cancellationToken = default) =>
        IsOfKameleoon(feature, context: null, out var client)
            ? new(client?.IsFeatureActive(feature) ?? false)
            : others.IsEnabledAsync(feature, cancellationToken);

    public ValueTask<bool> IsEnabledAsync<TContext>(
        string feature, TContext context, CancellationToken cancellationToken = default) =>
        IsOfKameleoon(feature, context as ITargetingContext, out var client)
            ? new(client?.IsFeatureActive(feature) ?? false)
            : others.IsEnabledAsync(feature, context, cancellationToken);

    public ValueTask<Variant> GetVariantAsync(string feature, CancellationToken cancellationToken = default) =>
        IsOfKameleoon(feature, context: null, out var client)
            ? new(Decide(feature, client)!)
            : others.GetVariantAsync(feature, cancellationToken);

    public ValueTask<Variant> GetVariantAsync(
        string feature, ITargetingContext context, CancellationToken cancellationToken = default) =>
        IsOfKameleoon(feature, context, out var client)
            ? new(Decide(feature, client)!)
            : others.GetVariantAsync(feature, context, cancellationToken);

    IAsyncEnumerable<string> IFeatureManager.GetFeatureNamesAsync() => GetFeatureNamesAsync(CancellationToken.None);

    Task<bool> IFeatureManager.IsEnabledAsync(string feature) => IsEnabledAsync(feature, CancellationToken.None).AsTask();

    Task<bool> IFeatureManager.IsEnabledAsync<TContext>(string feature, TContext context) =>
        IsEnabledAsync(feature, context, CancellationToken.None).AsTask();

    // Microsoft.FeatureManagement returns null, too, where no variant was assigned.
    private static Variant? Decide(string feature, IKameleoonClient? client) =>
        client is null ? null : VariationVariants.Of(client.GetVariation(feature), feature);

    // A page keeps the data file of its first decision. A flag that came later has to be decided as before on that page.
    private bool IsOfKameleoon(string feature, ITargetingContext? context, out IKameleoonClient? client)
    {
        client = null;
        if (configuration.DataFile?.FindFlag(feature) is null)
        {
            return false;
        }

        client = FindClient(context);
        return client is null || client.GetDataFile()?.FindFlag(feature) is not null;
    }

    private IKameleoonClient? FindClient(ITargetingContext? context) => requests.HttpContext is { } request
        ? clients.ForRequest(request)
        : context?.UserId is { Length: > 0 and <= MaxCodeLength } user ? clients.ForVisitor(user) : null;
}
