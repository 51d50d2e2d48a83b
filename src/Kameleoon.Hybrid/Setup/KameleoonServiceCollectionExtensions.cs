using Kameleoon.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Kameleoon hybrid experiments to an application.</summary>
public static class KameleoonServiceCollectionExtensions
{
    /// <summary>Adds the library with the settings of the section <c>Kameleoon</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <remarks>Wrong settings stop the application's start with a sentence that names them.</remarks>
    public static IKameleoonBuilder AddKameleoonHybrid(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration as IConfigurationSection
            ?? configuration.GetSection(KameleoonOptions.SectionName);
        return services.AddKameleoonHybrid(options => options.BindWithOldNames(section));
    }

    /// <summary>Adds the library with settings from code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <remarks>Wrong settings stop the application's start with a sentence that names them.</remarks>
    public static IKameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        Action<KameleoonOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddKameleoonHybrid(options => options.Configure(configure));
    }

    /// <summary>Adds a project beside the default one, with the settings of the section
    /// <c>Kameleoon:Projects:{name}</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">What the application calls the project.</param>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <inheritdoc cref="AddKameleoonHybrid(IServiceCollection, string, Action{KameleoonOptions})" path="/remarks"/>
    public static IKameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        string name,
        IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration as IConfigurationSection
            ?? configuration.GetSection($"{KameleoonOptions.SectionName}:Projects:{name}");
        return services.AddProject(name).AddKameleoonHybrid(options => options.BindWithOldNames(section));
    }

    /// <summary>Adds a project beside the default one, with settings from code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">What the application calls the project.</param>
    /// <param name="configure">Sets the options.</param>
    /// <remarks>
    /// Requests of its <see cref="KameleoonOptions.Hosts"/>, or those for which
    /// <see cref="KameleoonOptions.SelectProject"/> names it, are its own: what is injected there is of this project. Anywhere
    /// else ask for <see cref="IKameleoonClient"/>, <see cref="IKameleoonClientFactory"/> or
    /// <see cref="IKameleoonConfiguration"/> by the key <paramref name="name"/>. The builder's services are the project's own.
    /// </remarks>
    public static IKameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        string name,
        Action<KameleoonOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddProject(name).AddKameleoonHybrid(options => options.Configure(configure));
    }

    private static KameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        Action<OptionsBuilder<KameleoonOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        configure(services.AddOptions<KameleoonOptions>().ValidateOnStart());
        if (services.All(service => service.ServiceType != typeof(ConfigurationStore)))
        {
            services.AddLibrary();
            services.AddConfiguration();
            services.AddPlatformClients();
        }

        return new KameleoonBuilder(services);
    }

    private static void BindWithOldNames(this OptionsBuilder<KameleoonOptions> options, IConfigurationSection section)
    {
        var renamed = new RenamedSettings(section);
        options.Configure(settings => Bind(section, settings)); // Not options.Bind: a wrong edit would throw where it is read.
        options.Services.AddSingleton<IConfigureOptions<KameleoonOptions>>(renamed);
        options.Services.AddSingleton<IValidateOptions<KameleoonOptions>>(renamed);
        options.Services.AddSingleton<IHostedService>(provider => new UnknownSettings(
            section, provider.GetRequiredService<ILogger<UnknownSettings>>()));
        options.Services.AddSingleton<IHostedService>(provider => new EditedSettings(
            section,
            provider.GetRequiredService<IOptionsFactory<KameleoonOptions>>(),
            provider.GetRequiredService<ILogger<EditedSettings>>()));
    }

    // The binder's exception has the value, and that of a proxy may have a password.
    private static void Bind(IConfigurationSection section, KameleoonOptions settings)
    {
        try
        {
            section.Bind(settings);
        }
        catch (InvalidOperationException e)
            when (section["Proxy"] is { Length: > 0 } proxy && e.Message.Contains(proxy, StringComparison.Ordinal))
        {
#pragma warning disable MA0054 // The log would have the value with the cause.
            throw new InvalidOperationException(
                $"{section.Path}:Proxy is no address. Set it to one such as http://proxy.internal:3128, and escape the special "
                + "characters of its user name and password, '/' as %2F.");
#pragma warning restore MA0054
        }
    }
}
