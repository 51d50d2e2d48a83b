namespace Kameleoon.Hybrid;

/// <summary>What the inspector brings along. It touches nothing of the page but itself and the simulation cookie.</summary>
internal static class InspectorAssets
{
    internal const string Style = """
        #kameleoonInspector{position:fixed;inset:auto 1rem 1rem auto;z-index:2147483646;max-width:min(34rem,calc(100vw - 2rem));
        font:14px/1.4 system-ui,sans-serif;color:#16211c;background:#fff;border:1px solid #7d8f86;border-radius:.5rem;
        box-shadow:0 .25rem 1rem #0003}
        #kameleoonInspector summary{cursor:pointer;padding:.4rem .7rem}
        #kameleoonInspector>summary{font-weight:600}
        #kameleoonInspector>div{max-height:60vh;overflow:auto;padding:0 .8rem .6rem}
        #kameleoonInspector section{border-top:1px solid #d6ded9}
        #kameleoonInspector pre{overflow-x:auto;margin:0;padding:.4rem;background:#f1f5f2;font-size:12px}
        #kameleoonInspector label{display:inline-block;padding:.2rem .7rem .5rem}
        #kameleoonInspector :is(select,button){font:inherit;max-width:100%}
        #kameleoonInspector :focus-visible{outline:2px solid #0a6b48;outline-offset:1px}
        @media (prefers-color-scheme:dark){#kameleoonInspector{color:#e6eee9;background:#16211c}
        #kameleoonInspector pre{background:#22302a}#kameleoonInspector section{border-color:#3a4a42}}
        """;

    /// <summary>Keeps the panel open over the reload that a choice needs.</summary>
    internal const string Code = """
        (function(d){
        var name="kameleoonSimulationFFData",panel=d.getElementById("kameleoonInspector"),wasOpen="kameleoonInspectorOpen";
        function read(){
        var found=d.cookie.split("; ").find(function(part){return part.indexOf(name+"=")===0});
        try{return JSON.parse(decodeURIComponent(found.slice(name.length+1)))||{}}catch(e){return {}}
        }
        try{panel.open=sessionStorage.getItem(wasOpen)==="1"}catch(e){}
        panel.addEventListener("toggle",function(){
        try{sessionStorage.setItem(wasOpen,panel.open?"1":"0")}catch(e){}
        });
        panel.addEventListener("click",function(event){
        if(event.target.tagName!=="BUTTON")return;
        var choice=event.target.parentNode.querySelector("select"),flag=choice.getAttribute("data-flag"),all=read();
        if(choice.value)all[flag]=JSON.parse(choice.value);else delete all[flag];
        d.cookie=name+"="+encodeURIComponent(JSON.stringify(all))+";path=/;samesite=lax"
        +(Object.keys(all).length?"":";max-age=0");
        location.reload();
        });
        })(document);
        """;
}
