using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorPages();
builder.Services.AddKameleoonHybrid(builder.Configuration)
    .UseSandbox()
    .AddSqliteStore("Data Source=visitors.db");              // which person has which visitor code
builder.Services.AddAuthorization();
builder.Services.AddAuthentication("device")
    .AddPolicyScheme("device", "Web or phone", options => options.ForwardDefaultSelector = static context =>
        context.Request.Headers.Authorization.Count > 0
            ? BearerTokenDefaults.AuthenticationScheme
            : CookieAuthenticationDefaults.AuthenticationScheme)
    .AddCookie()
    .AddBearerToken();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.UseKameleoonVisitorCode();                               // after the authentication, so that it knows the user
app.MapKameleoonIdentity();                                  // for phones: /kameleoon/visitor, decisions and events
app.MapKameleoonSandbox();
app.MapRazorPages();

// Signs in every caller, without a password: only for this tutorial.
app.MapGet("/sign-in", async (HttpContext context, string name) =>
{
    await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, Person(name));
    return Results.Redirect("/");
});
app.MapPost("/phone/sign-in", (string name) =>
    TypedResults.SignIn(Person(name), authenticationScheme: BearerTokenDefaults.AuthenticationScheme));
app.Run();

static ClaimsPrincipal Person(string name) => new(new ClaimsIdentity(
    [new Claim(ClaimTypes.NameIdentifier, name), new Claim(ClaimTypes.Name, name)], authenticationType: "name"));
