using Shop.Carts;
using Shop.Orders;
using Shop.Pages;
using Shop.Security;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddRazorPages(options => options.Conventions.ConfigureFilter(new HandlerRequiredFilter()));
builder.Services.AddRouting(options => options.LowercaseUrls = true);
builder.Services.AddHttpContextAccessor();
builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox().AddKameleoonTrust();

builder.Services.AddScoped<CartCookie>();
builder.Services.AddScoped<Till>();
builder.Services.AddSingleton<OrderStore>();

var app = builder.Build();

if (string.IsNullOrEmpty(app.Configuration["Kameleoon:SiteCode"]))
{
    await Console.Error.WriteLineAsync(
        "The shop does not know its site. In Development it uses the sandbox: dotnet run --project samples/Shop. Elsewhere it "
        + "uses the platform: name a real site by --Kameleoon:SiteCode=abcde12345 or the variable Kameleoon__SiteCode.");
    return 1;
}

if (!app.Environment.IsDevelopment())
{
    app.UseExceptionHandler("/problem");
}

app.UseStatusCodePagesWithReExecute("/problem", "?status={0}");
app.UseMiddleware<ContentSecurityPolicyMiddleware>();
app.UseStaticFiles(); // before the visitor code: pictures need none, and stay cacheable for everybody
app.UseKameleoonVisitorCode();

app.MapRazorPages();
app.MapKameleoonSandbox();
if (app.Environment.IsDevelopment())
{
    // Elsewhere these need people who sign in, and the shop has no accounts.
    app.MapKameleoonTrust();
    app.MapKameleoonOverrides();
}

await app.RunAsync();
return 0;
