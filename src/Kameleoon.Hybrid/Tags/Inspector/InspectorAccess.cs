using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid;

/// <summary>Decides who sees the inspector: everybody in Development, and elsewhere those whom a policy allows.</summary>
internal sealed class InspectorAccess(TagMistakes mistakes, IHostEnvironment? environment = null)
{
    /// <param name="context">The request.</param>
    /// <param name="policy">The name of an authorization policy, or null for Development only.</param>
    internal async ValueTask<bool> MayShowAsync(HttpContext context, string? policy)
    {
        if (environment?.IsDevelopment() == true)
        {
            return true;
        }

        if (string.IsNullOrEmpty(policy))
        {
            return false;
        }

        if (context.RequestServices.GetService<IAuthorizationService>() is not { } authorization)
        {
            mistakes.Report(context, $"The inspector has the policy '{policy}', but there is no authorization. Call "
                + "builder.Services.AddAuthorization(…).");
            return false;
        }

        try
        {
            return (await authorization.AuthorizeAsync(context.User, context, policy)).Succeeded;
        }
#pragma warning disable CA1031 // There is no policy of that name, or its handlers throw, which must not break the page.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            mistakes.Report(context, $"The policy '{policy}' of the inspector cannot be evaluated.", e);
            return false;
        }
    }
}
