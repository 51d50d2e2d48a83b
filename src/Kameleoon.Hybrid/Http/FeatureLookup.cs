using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid;

/// <summary>Looks up features of a request.</summary>
internal static class FeatureLookup
{
    /// <summary>Returns a feature, or null.</summary>
    /// <remarks>Faster than the collection's own generic method, whose call the runtime has to resolve each time. Inlined, so
    /// that the type is a constant where it is asked for.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T? Find<T>(this IFeatureCollection features)
        where T : class => features[typeof(T)] as T;
}
