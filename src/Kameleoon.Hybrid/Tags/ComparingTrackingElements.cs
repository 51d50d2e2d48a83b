using System.Text.Encodings.Web;

namespace Kameleoon.Hybrid;

/// <summary>The elements of a tracking tag whose page compares the visitor code of the server with the one that the engine uses,
/// and reports a difference.</summary>
/// <param name="parts">What the tag renders.</param>
/// <param name="code">The code for which the server made the page.</param>
/// <param name="path">The address that takes the report, without query.</param>
/// <param name="sample">The share of pages that also report equal codes, as a JavaScript number.</param>
/// <param name="hasChanged">Whether the code changed with this page, because a user signed in or out.</param>
internal sealed class ComparingTrackingElements(in TrackingParts parts, string code, string path, string sample, bool hasChanged)
    : TrackingElements(parts)
{
    // The function c passes the exposures to the engine. A repair calls it again, as the engine forgets them with the former code.
    private const string OpenCommands = "function c(){";

    private const string Open = "}c();(function(p,o,g,m,l){try{m=sessionStorage;l=localStorage.getItem(\"kameleoonVisitorCode\")}catch(e){}"
        + "kameleoonQueue.push(function(){var k=\"kameleoonRepaired\",e=Kameleoon.API.Visitor,v=e.code,h;try{h=m.getItem(k)}catch(x){}"
        + "if(v&&(v!=p||Math.random()<o))fetch(\"";

    // Without a mark in the tab nothing is changed: the same page could do it over and over.
    private const string AfterPath = "\",{method:\"POST\",keepalive:!0,body:g"
        + "+(l&&~l.indexOf('\"'+v+'\"')||window.kameleoonIframeURL?\"l\":\"\")"
        + "+(~d.cookie.indexOf(\"kameleoonVisitorCode=\"+p)?\"\":\"x\")+(h?\"r\":\"\")+\"\\n\"+p+\"\\n\"+v})"
        + ".then(function(r){if(r.status<202){m.setItem(k,1);if(r.status==200){e.setVisitorCode(p);c()}}}).catch(function(){})})})(\"";

    protected override void WriteCommands(TextWriter writer, ReadOnlySpan<ExposureEntry> entries)
    {
        writer.Write(OpenCommands);
        EngineTrackingCode.Write(writer, entries);
        writer.Write(Open);
        JavaScriptEncoder.Default.Encode(writer, path);
        writer.Write(SeenEndpoint.IdentityQuery);
        writer.Write(AfterPath);
        JavaScriptEncoder.Default.Encode(writer, code);
        writer.Write("\",");
        writer.Write(sample);
        writer.Write(hasChanged ? ",\"s\");" : ",\"\");");
    }
}
