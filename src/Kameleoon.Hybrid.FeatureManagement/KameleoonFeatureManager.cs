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
        IsOfKameleoon(feature)
            ? new(FindClient(context: null)?.IsFeatureActive(feature) ?? false)
            : others.IsEnabledAsync(feature, cancellationToken);

    public ValueTask<bool> IsEnabledAsync<TContext>(
        string feature, TContext context, CancellationToken cancellationToken = default) =>
        IsOfKameleoon(feature)
            ? new(FindClient(context as ITargetingContext)?.IsFeatureActive(feature) ?? false)
            : others.IsEnabledAsync(feature, context, cancellationToken);

    public ValueTask<Variant> GetVariantAsync(string feature, CancellationToken cancellationToken = default) =>
        IsOfKameleoon(feature) ? new(Decide(feature, context: null)!) : others.GetVariantAsync(feature, cancellationToken);

    public ValueTask<Variant> GetVariantAsync(
        string feature, ITargetingContext context, CancellationToken cancellationToken = default) =>
        IsOfKameleoon(feature) ? new(Decide(feature, context)!) : others.GetVariantAsync(feature, context, cancellationToken);

    IAsyncEnumerable<string> IFeatureManager.GetFeatureNamesAsync() => GetFeatureNamesAsync(CancellationToken.None);

    Task<bool> IFeatureManager.IsEnabledAsync(string feature) => IsEnabledAsync(feature, CancellationToken.None).AsTask();

    Task<bool> IFeatureManager.IsEnabledAsync<TContext>(string feature, TContext context) =>
        IsEnabledAsync(feature, context, CancellationToken.None).AsTask();

    private bool IsOfKameleoon(string feature) => configuration.DataFile?.FindFlag(feature) is not null;

    // Microsoft.FeatureManagement returns null, too, where no variant was assigned.
    private Variant? Decide(string feature, ITargetingContext? context) =>
        FindClient(context) is { } client ? VariationVariants.Of(client.GetVariation(feature), feature) : null;

    private IKameleoonClient? FindClient(ITargetingContext? context) => requests.HttpContext is { } request
        ? clients.ForRequest(request)
        : context?.UserId is { Length: > 0 and <= MaxCodeLength } user ? clients.ForVisitor(user) : null;
}
