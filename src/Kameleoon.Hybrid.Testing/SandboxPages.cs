using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Serves the engine and the live page before the application's own middleware, as the platform would from another
/// host.</summary>
internal sealed class SandboxPages(string prefix) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map(prefix, static sandbox => sandbox.UseRouting().UseEndpoints(static routes => routes.MapKameleoonSandbox("")));
        next(app);
    };
}
