using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Splits a batch that the platform found too large, or one of whose events it rejects.</summary>
internal static class BatchSplitter
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>Returns two batches of about the same size with unchanged lines, or null for a batch of one line.</summary>
    internal static (TrackingBatch First, TrackingBatch Second)? Split(TrackingBatch batch)
    {
        var body = batch.Body.Span;
        var cut = body[(body.Length / 2)..].IndexOf(LineEnd) is var after and >= 0
            ? (body.Length / 2) + after
            : body.LastIndexOf(LineEnd);
        if (cut < 0)
        {
            return null;
        }

        var first = body[..cut];
        var second = body[(cut + 1)..];
        var firstCount = first.Count(LineEnd) + 1;
        return (
            batch with { Id = Guid.CreateVersion7(), Body = first.ToArray(), EventCount = firstCount },
            batch with
            {
                Id = Guid.CreateVersion7(),
                Body = WithUserAgent(second, first),
                EventCount = batch.EventCount - firstCount,
            });
    }

    // The first line of a visitor in each request carries the user agent, and the cut may divide a visitor's lines.
    private static byte[] WithUserAgent(ReadOnlySpan<byte> second, ReadOnlySpan<byte> first)
    {
        var end = second.IndexOf(LineEnd) is var found and >= 0 ? found : second.Length;
        var line = Encoding.ASCII.GetString(second[..end]);
        var identity = line.LastIndexOf("&visitorCode=", StringComparison.Ordinal) is var code and >= 0
            ? line[code..]
            : line[Math.Max(0, line.LastIndexOf("&mappingValue=", StringComparison.Ordinal))..];
        if (identity.Contains("&userAgent=", StringComparison.Ordinal))
        {
            return second.ToArray();
        }

        foreach (var earlier in Encoding.ASCII.GetString(first).Split('\n'))
        {
            if (earlier.LastIndexOf(identity + "&userAgent=", StringComparison.Ordinal) is var place and >= 0)
            {
                var agent = earlier[(place + identity.Length)..];
                return [.. second[..end], .. Encoding.ASCII.GetBytes(agent), .. second[end..]];
            }
        }

        return second.ToArray();
    }
}
