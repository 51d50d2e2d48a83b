using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Sends requests through the middleware without a server, by the ten thousand.</summary>
internal sealed class InProcess(IServiceProvider services, RequestDelegate endpoint)
{
    private readonly RequestDelegate _pipeline =
        new ApplicationBuilder(services).UseKameleoonVisitorCode().Use(_ => endpoint).Build();

    /// <summary>The response as it stands when a server would be done with it.</summary>
    internal async Task<HttpResponse> SendAsync(Action<HttpRequest> request)
    {
        var response = new StartableResponse();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpResponseFeature>(response);
        context.Request.Method = "GET";
        context.Request.Path = "/";
        request(context.Request);
        await _pipeline(context);
        await response.FinishAsync();
        return context.Response;
    }

    /// <summary>A response that calls its callbacks as a server does; the default one forgets them.</summary>
    private sealed class StartableResponse : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
        private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

        internal async Task FinishAsync()
        {
            foreach (var callbacks in (Stack<(Func<object, Task> Callback, object State)>[])[_starting, _completed])
            {
                while (callbacks.TryPop(out var next))
                {
                    await next.Callback(next.State);
                }
            }
        }
    }
}
