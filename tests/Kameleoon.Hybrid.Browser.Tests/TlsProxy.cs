using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A proxy that ends TLS in front of a site without it.</summary>
internal sealed class TlsProxy : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = TwoSites.CreateCertificate();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly WebApplication _app;
    private readonly Uri _site;
    private readonly bool _forwards;

    private TlsProxy(Uri site, bool forwards)
    {
        (_site, _forwards) = (site, forwards);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1; // Headers of HTTP/1.1 are passed on as they are.
            listen.UseHttps(_certificate);
        }));
        _app = builder.Build();
        _app.Run(PassOnAsync);
    }

    /// <summary>Starts a proxy.</summary>
    /// <param name="site">The site behind the proxy.</param>
    /// <param name="forwards">Whether the proxy says that its own address is an https address.</param>
    internal static async Task<TlsProxy> StartAsync(Uri site, bool forwards)
    {
        var proxy = new TlsProxy(site, forwards);
        await proxy._app.StartAsync();
        return proxy;
    }

    internal string At(string path) =>
        new UriBuilder(_app.Urls.Single()) { Host = "shop.test", Path = path }.Uri.ToString();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
        _certificate.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(_site, context.Request.GetEncodedPathAndQuery()));
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(header => header.Key is not ("Connection" or "Content-Length")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        if (_forwards)
        {
            request.Headers.Add("X-Forwarded-Proto", context.Request.Scheme);
        }

        using var answer = await _http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
