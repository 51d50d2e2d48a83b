using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A request that knows what was asked of it.</summary>
internal sealed class WatchedRequest : HttpRequestFeature, IHttpRequestFeature
{
    private readonly List<string> _asked = [];
    private readonly string _rawTarget;

    private WatchedRequest(IHttpRequestFeature request)
    {
        (Protocol, Scheme, Method) = (request.Protocol, request.Scheme, request.Method);
        (PathBase, Path, QueryString, Body) = (request.PathBase, request.Path, request.QueryString, request.Body);
        _rawTarget = request.RawTarget;
        Headers = new WatchedHeaders(_asked, request.Headers);
    }

    string IHttpRequestFeature.RawTarget
    {
        get
        {
            _asked.Add("target");
            return _rawTarget;
        }
        set => throw new NotSupportedException("Nobody changes it.");
    }

    /// <summary>Watches the request from here on.</summary>
    internal static void Begin(HttpContext context) => context.Features.Set<IHttpRequestFeature>(
        new WatchedRequest(context.Features.GetRequiredFeature<IHttpRequestFeature>()));

    /// <summary>What was asked so far; what the response asks later is another matter.</summary>
    internal static string[] AskedOf(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>() is WatchedRequest watched ? [.. watched._asked] : [];

    private sealed class WatchedHeaders(List<string> asked, IHeaderDictionary headers)
        : Dictionary<string, StringValues>(headers, StringComparer.OrdinalIgnoreCase), IHeaderDictionary
    {
        public long? ContentLength { get; set; } = headers.ContentLength;

        StringValues IHeaderDictionary.this[string key]
        {
            get
            {
                asked.Add(key);
                return TryGetValue(key, out var value) ? value : StringValues.Empty;
            }
            set => this[key] = value;
        }
    }
}
