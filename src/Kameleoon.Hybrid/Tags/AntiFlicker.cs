namespace Kameleoon.Hybrid;

/// <summary>Writes the script that hides a page until the engine has changed it. Element ids and variables are those
/// that the engine reads.</summary>
/// <remarks>
/// The style comes from the script, so that a visitor without JavaScript sees the page, and bears the script's nonce,
/// which browsers show as a property only. An engine that cannot be loaded shows the page at once; a timer does it in
/// any case.
/// </remarks>
internal static class AntiFlicker
{
    private const string Cover =
        "html::after{content:'';position:fixed;inset:0;background:Canvas;z-index:2147483647}";

    private const string Hide = "*{visibility:hidden!important;background-image:none!important}";

    private const string Begin = """
        (function(w,d,css,timeout){
        var id="kameleoonLoadingStyleSheet";
        w.kameleoonLoadingTimeout=timeout;
        w.kameleoonQueue=w.kameleoonQueue||[];
        w.kameleoonStartLoadTime=Date.now();
        if(!d.getElementById(id)&&!w.kameleoonDisplayPageTimeOut){
        var style=d.createElement("style");
        style.id=id;
        style.nonce=d.currentScript.nonce;
        style.textContent=css;
        d.head.appendChild(style);
        }
        w.kameleoonDisplayPage=function(byEngine){
        if(!byEngine)w.kameleoonTimeout=true;
        var style=d.getElementById(id);
        if(style)style.remove();
        };
        w.kameleoonDisplayPageTimeOut=setTimeout(w.kameleoonDisplayPage,timeout);
        d.addEventListener("error",function(event){
        if(event.target.id==="kameleoonEngine"&&w.kameleoonDisplayPage)w.kameleoonDisplayPage();
        },true);
        })(window,document,"
        """;

    internal static void Write(TextWriter writer, EngineOverlay overlay, int timeout)
    {
        writer.Write(Begin);
        writer.Write(overlay == EngineOverlay.Hide ? Hide : Cover);
        writer.Write("\",");
        EngineTrackingCode.Write(writer, timeout);
        writer.Write(");");
    }
}
