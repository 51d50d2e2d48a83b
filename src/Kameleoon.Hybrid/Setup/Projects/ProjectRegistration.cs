using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

/// <summary>A project beside the default one, as it was registered.</summary>
/// <param name="Name">What the application calls it.</param>
/// <param name="Services">What makes it up. Nothing of one project is shared with another but what all do.</param>
internal sealed record ProjectRegistration(string Name, IServiceCollection Services);
