using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A network that lets nothing out but through its proxy.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task The_platform_is_reached_through_the_proxy_with_its_password()
    {
        var asked = new TaskCompletionSource<string>();
        await using var proxy = WebApplication.CreateSlimBuilder().Build();
        proxy.Urls.Add("http://127.0.0.1:0");
        proxy.Run(context =>
        {
            if (context.Request.Headers.ProxyAuthorization.Count == 0)
            {
                context.Response.StatusCode = StatusCodes.Status407ProxyAuthenticationRequired;
                context.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
                return Task.CompletedTask;
            }

            asked.TrySetResult($"{context.Request.Host} {context.Request.Headers.ProxyAuthorization}");
            return context.Response.WriteAsync(DataFiles.Shop);
        });
        await proxy.StartAsync();

        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.Proxy = new UriBuilder(proxy.Urls.First()) { UserName = "us%3Aer", Password = "secret" }.Uri;
                options.Endpoints.Configuration = new Uri("http://platform.test/");
            },
            isOnline: true);

        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        (await asked.Task).ShouldBe("platform.test Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("us:er:secret")));
    }
}
