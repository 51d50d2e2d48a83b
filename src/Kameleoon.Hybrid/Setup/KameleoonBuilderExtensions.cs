using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Adds a listener of decisions, exposures, conversions, data files and platform requests. Each call adds
    /// one more, and adding the same type twice has no effect.</summary>
    /// <typeparam name="TListener">The listener, a singleton. Its dependencies are injected.</typeparam>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>A project beside the default one uses the listeners of the application, unless it has its own.</remarks>
    public static IKameleoonBuilder AddListener<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TListener>(this IKameleoonBuilder builder)
        where TListener : class, IKameleoonListener
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IKameleoonListener, TListener>());
        return builder;
    }

    /// <summary>Adds a listener that the application created.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="listener">The listener. The application disposes of it.</param>
    /// <inheritdoc cref="AddListener{TListener}(IKameleoonBuilder)" path="/remarks"/>
    public static IKameleoonBuilder AddListener(this IKameleoonBuilder builder, IKameleoonListener listener)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(listener);
        builder.Services.AddSingleton(listener);
        return builder;
    }
}
