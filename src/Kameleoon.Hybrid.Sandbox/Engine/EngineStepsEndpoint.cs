using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Receives the steps that the engine reports to the live page, for example why it aborted.</summary>
internal sealed class EngineStepsEndpoint(Recorder recorder)
{
    private const int MaxBytes = 16 * 1024;

    private static readonly byte[] Script = EmbeddedFile.Read("engine-steps.js");
    private static readonly int TokenStart = Script.AsSpan().IndexOf(Token);

    private static ReadOnlySpan<byte> Token => "__KAMELEOON_STEPS__"u8;

    /// <summary>The script that stands before the engine.</summary>
    internal static byte[] ScriptFor(string address) =>
    [
        .. Script.AsSpan(..TokenStart),
        .. JsonSerializer.SerializeToUtf8Bytes($"{address}/engine-steps", EngineJson.Default.String),
        .. Script.AsSpan(TokenStart + Token.Length),
    ];

    /// <summary>Takes steps, one a line; the hits keep them.</summary>
    internal async Task PostAsync(HttpContext context)
    {
        if (await RequestText.ReadAsync(context, MaxBytes) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        RequestLog.AttachBody(context, body);
        recorder.NotifyChanged();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
