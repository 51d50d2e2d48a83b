using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>A project beside the default one, with services of its own.</summary>
internal sealed class KameleoonProject : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="registration">What makes up the project.</param>
    /// <param name="application">The services of the application, of which it takes what is not about a project.</param>
    internal KameleoonProject(ProjectRegistration registration, IServiceProvider application)
    {
        Name = registration.Name;
        var services = new ServiceCollection();
        foreach (var service in registration.Services)
        {
            ((ICollection<ServiceDescriptor>)services).Add(service);
        }

        Share<ILoggerFactory>(services, application);
        Share<TimeProvider>(services, application);
        Share<IHostEnvironment>(services, application);
        Share<IHostApplicationLifetime>(services, application);
        Share<IHttpContextAccessor>(services, application);
        Share<IMeterFactory>(services, application);
        Share<KameleoonMetrics>(services, application);
        Share<KameleoonActivities>(services, application);
        ShareCustom<IBotDetector, UserAgentBotDetector>(services, application);
        if (application.GetService<ITrackingOutbox>() is { } outbox)
        {
            services.TryAddSingleton<ITrackingOutbox>(
                provider => new SharedOutbox(outbox, provider.GetRequiredService<IOptions<KameleoonOptions>>()));
        }

        Share<IDistributedCache>(services, application);
        if (services.All(static service => service.ServiceType != typeof(ILastGoodCopy)))
        {
            Share<ILastGoodCopy>(services, application); // It tells data files apart by their keys.
        }

        ShareAll<IKameleoonConsentProvider>(services, application);
        ShareAll<IKameleoonListener>(services, application);

        _services = services.BuildServiceProvider();
    }

    /// <summary>What the application calls it.</summary>
    internal string Name { get; }

    internal IServiceProvider Services => _services;

    internal KameleoonOptions Options => _services.GetRequiredService<IOptions<KameleoonOptions>>().Value;

    internal IEnumerable<IHostedService> HostedServices => _services.GetServices<IHostedService>();

    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    internal void Validate()
    {
        try
        {
            _ = Options;
        }
        catch (OptionsValidationException e)
        {
            // The rules do not know that the settings may stand elsewhere.
            throw new OptionsValidationException(e.OptionsName, e.OptionsType, e.Failures.Select(failure => failure.Replace(
                KameleoonOptions.SectionName + ":", $"{KameleoonOptions.SectionName}:Projects:{Name}:", StringComparison.Ordinal)));
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    // As an instance, so that it is disposed of by the application only.
    private static void Share<T>(ServiceCollection services, IServiceProvider application)
        where T : class
    {
        if (application.GetService<T>() is { } shared)
        {
            services.Replace(ServiceDescriptor.Singleton(shared));
        }
    }

    // For a project that has none of its own.
    private static void ShareAll<T>(ServiceCollection services, IServiceProvider application)
        where T : class
    {
        if (services.All(static service => service.ServiceType != typeof(T)))
        {
            foreach (var shared in application.GetServices<T>())
            {
                services.AddSingleton(shared);
            }
        }
    }

    // What the application puts in place of ours it means for every project that says nothing else.
    private static void ShareCustom<T, TOurs>(ServiceCollection services, IServiceProvider application)
        where T : class
    {
        if (services.Any(static service => service.ServiceType == typeof(T) && service.ImplementationType == typeof(TOurs))
            && application.GetService<T>() is { } custom and not TOurs)
        {
            services.Replace(ServiceDescriptor.Singleton(custom));
        }
    }
}
