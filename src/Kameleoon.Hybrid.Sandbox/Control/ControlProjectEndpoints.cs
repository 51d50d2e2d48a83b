using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Control endpoints that change what the sandbox serves: flags, the project, and scores of visitors.</summary>
internal sealed class ControlProjectEndpoints(SandboxControl control, StoredSettings settings)
{
    private const int MaxBytes = 8 * 1024 * 1024;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(
            "/control/flags/{flag}", ["PUT", "DELETE"], ControlHttp.RequireSameOrigin(SetFlagAsync));
        routes.MapDelete("/control/flags", ControlHttp.RequireSameOrigin(ClearFlagsAsync));
        routes.MapMethods("/control/project", ["PUT", "DELETE"], ControlHttp.RequireSameOrigin(SetProjectAsync));
        routes.MapMethods(
            "/control/scores/{kind:regex(^(kcs|cbs)$)}/{visitor}",
            ["PUT", "DELETE"],
            ControlHttp.RequireSameOrigin(SetScoreAsync));
    }

    private async Task SetFlagAsync(HttpContext context)
    {
        var flag = (string)context.Request.RouteValues["flag"]!;
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            control.ClearFlag(flag);
            await ControlHttp.CompleteAsync(context);
        }
        else if (await ControlHttp.ReadAsync(context, ControlJson.Default.FlagEdit) is { } edit)
        {
            await (control.TryChangeFlag(flag, _ => edit) is { } problem
                ? ControlHttp.RejectAsync(context, problem)
                : ControlHttp.CompleteAsync(context));
        }
    }

    private Task ClearFlagsAsync(HttpContext context)
    {
        control.ClearFlags();
        return ControlHttp.CompleteAsync(context);
    }

    private async Task SetProjectAsync(HttpContext context)
    {
        try
        {
            if (HttpMethods.IsDelete(context.Request.Method))
            {
                control.ReplaceProject(null);
            }
            else if (await RequestText.ReadBytesAsync(context, MaxBytes) is { } document)
            {
                control.ReplaceProject(document);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }

            await ControlHttp.CompleteAsync(context);
        }
        catch (ProjectException e)
        {
            await ControlHttp.RejectAsync(context, string.Join('\n', e.Mistakes.Select(mistake => mistake.Sentence)));
        }
    }

    private async Task SetScoreAsync(HttpContext context)
    {
        var kind = (string)context.Request.RouteValues["kind"]!;
        var visitor = (string)context.Request.RouteValues["visitor"]!;
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            settings.SetScore(kind, visitor, null);
            await ControlHttp.CompleteAsync(context);
        }
        else if (await ControlHttp.ReadAsync(context, ControlJson.Default.JsonObject) is { } scores)
        {
            settings.SetScore(kind, visitor, scores.ToJsonString());
            await ControlHttp.CompleteAsync(context);
        }
    }
}
