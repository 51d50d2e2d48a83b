using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One request in process and its response. The caller receives the response when its headers are written.
/// </summary>
#pragma warning disable CA1001 // The source has no timer or link to release, and a late reader may still cancel it.
internal sealed class InProcessExchange : IHttpRequestLifetimeFeature
#pragma warning restore CA1001
{
    private readonly HttpRequestMessage _request;
    private readonly CancellationTokenSource _aborted = new();
    private readonly Pipe _body = new();
    private readonly InProcessResponse _response = new();
    private readonly StreamResponseBodyFeature _responseBody;
    private readonly TaskCompletionSource<HttpResponseMessage> _started =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal InProcessExchange(HttpRequestMessage request, Stream requestBody)
    {
        _request = request;
        _responseBody = new StreamResponseBodyFeature(new InProcessWriteStream(_body.Writer, StartAsync, Abort));
        RequestAborted = _aborted.Token;

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(InProcessRequest.Of(request, requestBody));
        features.Set<IHttpResponseFeature>(_response);
        features.Set<IHttpResponseBodyFeature>(_responseBody);
        features.Set<IHttpRequestLifetimeFeature>(this);
        Context = new DefaultHttpContext(features);
    }

    /// <inheritdoc/>
    public CancellationToken RequestAborted { get; set; }

    internal HttpContext Context { get; }

    internal Task<HttpResponseMessage> Response => _started.Task;

    /// <inheritdoc/>
    public void Abort() => _aborted.Cancel();

    internal void Cancel(CancellationToken token)
    {
        _started.TrySetCanceled(token);
        Abort();
    }

    internal async Task CompleteAsync()
    {
        await _responseBody.CompleteAsync();
        await StartAsync();
        await _body.Writer.CompleteAsync();
        await _response.FireCompletedAsync();
    }

    /// <summary>Ends the response as a web server does: 500 while that is possible, a broken body afterwards.</summary>
    internal async Task FailAsync(Exception exception)
    {
        if (_response.HasStarted)
        {
            await _body.Writer.CompleteAsync(new IOException("The sandbox ended its response early.", exception));
        }
        else if (RequestAborted.IsCancellationRequested)
        {
            // A caller who gave up has its answer already; what the sandbox broke looks as if the network had.
            _started.TrySetException(new HttpRequestException("The sandbox broke the connection.", exception));
            await _body.Writer.CompleteAsync();
        }
        else
        {
            _started.TrySetResult(
                new HttpResponseMessage(HttpStatusCode.InternalServerError) { RequestMessage = _request });
            await _body.Writer.CompleteAsync();
        }

        await _response.FireCompletedAsync();
    }

    private async Task StartAsync()
    {
        if (_response.HasStarted)
        {
            return;
        }

        await _response.FireStartingAsync();
        var message = new HttpResponseMessage((HttpStatusCode)_response.StatusCode)
        {
            RequestMessage = _request,
            Content = new StreamContent(new InProcessReadStream(_body.Reader.AsStream(), Abort)),
        };
        foreach (var (name, values) in _response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        if (!_started.TrySetResult(message))
        {
            message.Dispose();
        }
    }
}
