using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>Writes the script that reads a visitor's data from the frame page that several hosts share (unified
/// storage).</summary>
/// <remarks>
/// Page and frame exchange JSON: <c>{kameleoonMessage:true,type,key,data,callbackId}</c>. A response is accepted only
/// from the frame's own window and origin, and is treated as data, never as code. The request is written as text, because
/// libraries such as Prototype.js change what <c>JSON.stringify</c> returns.
/// </remarks>
internal static class UnifyFrame
{
    private const string Begin = """
        (function(w,d,url){
        var frame=d.createElement("iframe"),origin=new URL(url,location.href).origin;
        w.kameleoonIframeURL=url;
        w.kameleoonIframeOrigin=origin;
        w.addEventListener("message",function listen(event){
        if(event.origin!==origin||event.source!==frame.contentWindow)return;
        var message;
        try{message=JSON.parse(event.data)}catch(error){return}
        if(!message||message.kameleoonMessage!==true)return;
        w.removeEventListener("message",listen);
        w.kameleoonExternalIFrameLoadedData=message.data;
        w.kameleoonExternalIFrameLoaded=true;
        });
        frame.onload=function(){
        frame.contentWindow.postMessage('{"kameleoonMessage":true,"type":"read","key":null,"data":null,"callbackId":0}',origin);
        };
        frame.id="kameleoonExternalIframe";
        frame.hidden=true;
        frame.src=url;
        d.documentElement.appendChild(frame);
        })(window,document,"
        """;

    internal static void Write(TextWriter writer, string address)
    {
        writer.Write(Begin);
        writer.Write(JsonEncodedText.Encode(address).ToString());
        writer.Write("\");");
    }
}
