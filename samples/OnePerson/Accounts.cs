using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace OnePerson;

/// <summary>Who is signed in: pages by a cookie, phones by a token. Everybody's name is believed, in this sample only.
/// </summary>
internal static class Accounts
{
    internal static void AddAccounts(this IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddAuthentication("device")
            .AddPolicyScheme("device", "Page or phone", options => options.ForwardDefaultSelector = static context =>
                context.Request.Headers.Authorization.Count > 0
                    ? BearerTokenDefaults.AuthenticationScheme
                    : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie()
            .AddBearerToken();
    }

    internal static void MapAccounts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/phone/sign-in", (string name) =>
            TypedResults.SignIn(Of(name), authenticationScheme: BearerTokenDefaults.AuthenticationScheme));
        endpoints.MapGet("/sign-in", async (HttpContext context, string name) =>
        {
            await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, Of(name));
            return Results.Redirect("/");
        });
        endpoints.MapGet("/sign-out", async (HttpContext context) =>
        {
            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return Results.Redirect("/");
        });
    }

    private static ClaimsPrincipal Of(string name) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, name), new Claim(ClaimTypes.Name, name)], authenticationType: "name"));
}
