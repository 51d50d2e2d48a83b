using Kameleoon.Hybrid;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Optional parts of the library.</summary>
public static class KameleoonBuilderExtensions
{
    /// <summary>Uses a data file of the application, typically in a test, in place of the platform's.</summary>
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
