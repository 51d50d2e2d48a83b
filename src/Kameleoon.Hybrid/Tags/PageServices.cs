using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

/// <summary>Finds the services of the project that a page belongs to.</summary>
internal static class PageServices
{
    /// <exception cref="InvalidOperationException">There are none.</exception>
    internal static T Get<T>(HttpContext context)
        where T : class =>
        (context.Features.Find<RequestVisitor>()?.Services ?? context.RequestServices).GetService<T>()
        ?? throw new InvalidOperationException(
            "Call builder.Services.AddKameleoonHybrid(builder.Configuration) before a page uses the kameleoon tags.");
}
