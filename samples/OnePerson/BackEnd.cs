using Kameleoon.Hybrid;

namespace OnePerson;

/// <summary>One back end for a page and a phone, where a person is one visitor on both.</summary>
public static class BackEnd
{
    public static WebApplication Build(WebApplicationOptions options)
    {
        var builder = WebApplication.CreateBuilder(options);
        var kameleoon = builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox().AddKameleoonTrust();
        _ = builder.Configuration.GetConnectionString("PostgreSql") is { } farm
            ? kameleoon.AddPostgreSqlStore(farm)
            : kameleoon.AddSqliteStore(builder.Configuration.GetConnectionString("Sqlite")!);
        builder.Services.AddAccounts();
        builder.Services.AddRazorPages();
        builder.Services.AddHealthChecks().AddKameleoonHybrid().AddKameleoonTracking();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseKameleoonVisitorCode(); // after the authentication, so that it knows who is signed in
        app.MapAccounts();
        app.MapKameleoonIdentity();
        app.MapKameleoonSandbox();
        app.MapRazorPages();
        app.MapHealthChecks("/health").ShortCircuit(); // a monitor is no visitor
        app.MapKameleoonTrust().RequireAuthorization();

        // The server decides for whoever calls, and shows a phone no experiment at all.
        app.MapGet("/api/delivery", (IKameleoonClient kameleoon) =>
            new { Fee = kameleoon.GetVariation("delivery-fee").GetNumber("fee", 4.9) }).RequireAuthorization();
        return app;
    }
}
