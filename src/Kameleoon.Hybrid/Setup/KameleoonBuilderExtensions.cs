using Kameleoon.Hybrid;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Optional parts of the library.</summary>
public static class KameleoonBuilderExtensions
{
    /// <summary>Decides by a data file that the application holds, typically a test; no platform is asked for one.
    /// </summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="dataFile">The data file, which may be replaced while the application runs.</param>
    public static IKameleoonBuilder UseDataFile(this IKameleoonBuilder builder, InMemoryDataFile dataFile)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataFile);
        builder.Services.Replace(ServiceDescriptor.Singleton<IDataFileSource>(dataFile));
        return builder;
    }
}
