using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>What a page tells of itself when it reports exposures to the server.</summary>
/// <param name="Visitor">The mark of the page's visitor code, or 0 for none. A browser sends the cookie of the moment: it may have
/// another code since, for instance after a sign-in.</param>
/// <param name="Generation">See <see cref="HandedExposures.GenerationOf"/>.</param>
/// <param name="Number">A number that only this page has, or 0 where the server reports once a session.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeenPage(int Visitor, int Generation, int Number)
{
    private const int Generated = 1;
    private const string VisitorName = "v";
    private const string GenerationName = "r";
    private const string NumberName = "p";

    /// <summary>Returns the mark of a visitor code. It is the same on all servers, and does not tell the code.</summary>
    /// <param name="visitorCode">The visitor code.</param>
    /// <param name="isGenerated">Whether the code was generated for the page. Of two pages that a new visitor opens at once, the
    /// browser keeps one code.</param>
    internal static int MarkOf(string visitorCode, bool isGenerated)
    {
        // FNV-1a: two codes of one browser must differ, and nothing is secret.
        var hash = 2166136261u;
        foreach (var letter in visitorCode)
        {
            hash = (hash ^ letter) * 16777619;
        }

        var mark = (int)(hash >> 2) << 1;
        return isGenerated ? mark | Generated : Math.Max(mark, 2);
    }

    /// <summary>Whether the page was made for the visitor of a request, as far as it tells.</summary>
    internal bool MayBeOf(string visitorCode, VisitorCodeSource source) =>
        Visitor == 0
        || Visitor == MarkOf(visitorCode, (Visitor & Generated) != 0)
        || ((Visitor & Generated) != 0 && source != VisitorCodeSource.Linked);

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    internal static SeenPage Read(HttpRequest request) =>
        new(Read(request, VisitorName), Read(request, GenerationName), Read(request, NumberName));

    /// <summary>Writes the end of the query.</summary>
    internal void WriteTo(TextWriter writer)
    {
        Write(writer, GenerationName, Generation);
        Write(writer, NumberName, Number);
        Write(writer, VisitorName, Visitor);
    }

    private static void Write(TextWriter writer, string name, int number)
    {
        if (number > 0)
        {
            writer.Write('&');
            writer.Write(name);
            writer.Write('=');
            EngineTrackingCode.Write(writer, number);
        }
    }

    private static int Read(HttpRequest request, string name) =>
        int.TryParse(request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
