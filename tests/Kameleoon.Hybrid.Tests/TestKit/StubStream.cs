using System.Globalization;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The platform's end of an event stream: says what a test says.</summary>
internal sealed class StubStream
{
    private readonly Pipe _pipe = new();

    internal HttpResponseMessage Response
    {
        get
        {
            var response = new HttpResponseMessage { Content = new StreamContent(_pipe.Reader.AsStream()) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return response;
        }
    }

    internal async Task SayAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    internal Task AnnounceAsync(long timestamp, string siteCode = "abcde12345") => SayAsync(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        event: configuration-update-event
        data: {"siteCode":"{{siteCode}}","ts":{{timestamp}}}


        """));

    internal Task EndAsync() => _pipe.Writer.CompleteAsync().AsTask();
}
