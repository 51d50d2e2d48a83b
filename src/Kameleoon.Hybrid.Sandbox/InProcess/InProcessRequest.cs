using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Converts the client's request message into the server's request.</summary>
internal static class InProcessRequest
{
    internal static HttpRequestFeature Of(HttpRequestMessage request, Stream body)
    {
        var uri = request.RequestUri is { IsAbsoluteUri: true } absolute
            ? absolute
            : throw new InvalidOperationException("The request has no absolute address. Set the client's BaseAddress.");
        var feature = new HttpRequestFeature
        {
            Protocol = HttpProtocol.GetHttpProtocol(HttpVersion.Version11),
            Method = request.Method.Method,
            Scheme = uri.Scheme,
            Path = PathString.FromUriComponent(uri).Value!,
            QueryString = QueryString.FromUriComponent(uri).Value!,
            RawTarget = uri.PathAndQuery,
            Body = body,
        };

        // ContentLength is computed when asked for, and not among the headers before.
        feature.Headers.ContentLength = request.Content?.Headers.ContentLength;
        Copy(request.Headers.NonValidated, feature.Headers);
        if (request.Content is { } content)
        {
            Copy(content.Headers.NonValidated, feature.Headers);
        }

        feature.Headers.Host = request.Headers.Host ?? HostString.FromUriComponent(uri).ToUriComponent();
        return feature;
    }

    // One line per header and not one per value, as it goes over the wire.
    private static void Copy(System.Net.Http.Headers.HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            to[name] = values.ToString();
        }
    }
}
