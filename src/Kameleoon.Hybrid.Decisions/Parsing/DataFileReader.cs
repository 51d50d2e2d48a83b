using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Turns bytes into the document, or into one sentence that says what is wrong with them.</summary>
internal static class DataFileReader
{
    internal static DataFileDocument Read(ReadOnlySpan<byte> utf8Json)
    {
        var json = utf8Json.StartsWith(Encoding.UTF8.Preamble) ? utf8Json[Encoding.UTF8.Preamble.Length..] : utf8Json;
        DataFileDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, DataFileJson.Default.DataFileDocument);
        }
        catch (JsonException e)
        {
            throw new DataFileException(Describe(e, json), e);
        }

        // An answer such as {"error": …} is JSON too; taken for a data file, it would switch every flag off.
        return document?.FeatureFlags is null
            ? throw new DataFileException("The document has no featureFlags array at $.featureFlags.")
            : document;
    }

    private static string Describe(JsonException e, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return "The document is empty.";
        }

        var (path, line, position, cause) = Locate(e);
        var where = string.Create(CultureInfo.InvariantCulture, $"at {path}, line {line + 1}, byte {position + 1}");
        return cause switch
        {
            JsonException => $"The document is not valid JSON or ends too early, {where}: {Reason(cause)}",
            null => $"A value has the wrong type or range, {where}.",
            _ => $"A value has the wrong type or range, {where}: {Reason(cause)}",
        };
    }

    /// <remarks>Conditions are read on their own: the exception inside counts from their start.</remarks>
    private static (string Path, long? Line, long? Position, Exception? Cause) Locate(JsonException e) =>
        e.InnerException is JsonException { Path: { Length: > 0 } path } field
            ? (e.Path + path[1..],
                e.LineNumber + field.LineNumber,
                field.LineNumber == 0 ? e.BytePositionInLine + field.BytePositionInLine : field.BytePositionInLine,
                field.InnerException)
            : (e.Path ?? "$", e.LineNumber, e.BytePositionInLine, e.InnerException);

    private static string Reason(Exception e)
    {
        // The reader appends its own "Path: … | LineNumber: …", which stands in front already.
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
