var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorPages();
builder.Services.AddKameleoonHybrid(builder.Configuration)   // settings in the section "Kameleoon"
    .UseSandbox();                                           // in Development: the platform, offline
var app = builder.Build();
app.UseKameleoonVisitorCode();                               // before whatever decides
app.MapKameleoonSandbox();                                   // its live page is at /_kameleoon
app.MapRazorPages();
app.Run();
