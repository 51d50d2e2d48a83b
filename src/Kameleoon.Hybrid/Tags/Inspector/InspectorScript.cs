namespace Kameleoon.Hybrid;

/// <summary>The script of the inspector. It touches nothing of the page but itself and the simulation cookie, and keeps the panel open
/// over the reload that a choice needs.</summary>
internal static class InspectorScript
{
    internal const string Text = """
        (function(d,w){
        "use strict";
        var host=d.getElementById("kameleoonInspector"),cookie="kameleoonSimulationFFData",place="kameleoonInspector";
        if(!host||host.kameleoonIsReady)return;
        host.kameleoonIsReady=true;
        var root=host.shadowRoot||host.attachShadow({mode:"open"}),state={},from=null,dragged=false;
        try{state=JSON.parse(sessionStorage.getItem(place))||{}}catch(e){}
        function keep(){try{sessionStorage.setItem(place,JSON.stringify(state))}catch(e){}}
        function one(selector){return root.querySelector(selector)}
        function all(selector,within){return Array.prototype.slice.call((within||root).querySelectorAll(selector))}
        function say(text,isError){var line=one(".says");line.textContent=text;line.classList.toggle("error",!!isError)}
        function take(){
        var template=host.querySelector("template");
        if(!template)return;
        var style=template.content.querySelector("style"),sheet;
        try{sheet=new CSSStyleSheet();sheet.replaceSync(style.textContent);root.adoptedStyleSheets=[sheet];style.remove()}catch(e){}
        root.replaceChildren(template.content);
        template.remove();
        }
        function show(isOpen,focus){
        state.open=isOpen;keep();
        one(".panel").hidden=!isOpen;one(".pill").hidden=isOpen;
        host.toggleAttribute("data-open",isOpen);
        if(isOpen)all(".chip[aria-checked=true]").forEach(function(chip){
        var chips=chip.parentNode;chips.scrollLeft=chip.offsetLeft-chips.offsetLeft-(chips.clientWidth-chip.offsetWidth)/2;
        });
        if(focus)(isOpen?one(".chip[tabindex='0']")||one("[data-do=close]"):one(".pill")).focus();
        }
        function dock(at){state.dock=at;keep();host.setAttribute("data-dock",at)}
        function start(){
        var until=one("time"),said=state.said,flag=state.flag;
        if(until){
        var time=new Date(until.dateTime),isToday=time.toDateString()===new Date().toDateString();
        until.textContent=time.toLocaleString([],isToday?{timeStyle:"short"}:{dateStyle:"medium",timeStyle:"short"});
        }
        dock(state.dock||"br");
        show(!!state.open);
        if(!said)return;
        delete state.said;delete state.flag;keep();
        setTimeout(function(){
        say(said);
        var row=rowOf(flag),chip=row&&row.querySelector(".chip[aria-checked=true]");
        (chip||one("[data-do=close]")).focus();
        },100);
        }
        function rowOf(flag){return all("li").filter(function(row){return row.getAttribute("data-flag")===flag})[0]}
        function simulated(){
        var found=d.cookie.split("; ").filter(function(part){return part.indexOf(cookie+"=")===0})[0];
        try{return JSON.parse(decodeURIComponent(found.slice(cookie.length+1)))||{}}catch(e){return {}}
        }
        function simulate(values){
        d.cookie=cookie+"="+encodeURIComponent(JSON.stringify(values))+";path=/;samesite=lax"+(Object.keys(values).length?"":";max-age=0");
        }
        function reload(flag,text){state.flag=flag;state.said=text;keep();w.location.reload()}
        function busy(isBusy){one(".panel").setAttribute("aria-busy",isBusy);host.kameleoonIsBusy=isBusy}
        function send(method,body,flag,text,undo){
        busy(true);
        fetch(host.getAttribute("data-overrides"),{method:method,credentials:"same-origin",headers:{"Content-Type":"application/json"},body:body&&JSON.stringify(body)})
        .then(function(answer){
        if(answer.ok)return reload(flag,text);
        return answer.json().catch(function(){return {}}).then(function(problem){
        throw new Error(answer.status===401||answer.status===403?"You may not change variations here ("+answer.status+").":problem.detail||"The server answered "+answer.status+".");
        });
        })
        .catch(function(error){busy(false);if(undo)undo();say(error instanceof TypeError?"The server cannot be reached.":error.message,true)});
        }
        function choose(row,chip){
        var flag=row.getAttribute("data-flag"),key=chip&&chip.getAttribute("data-key"),values=simulated();
        var before=row.querySelector(".chip[aria-checked=true]"),wasSet=row.classList.contains("set");
        if(host.kameleoonIsBusy||chip&&chip.hasAttribute("aria-disabled")||chip===before&&wasSet)return;
        var text=chip?flag+" shows "+key+" in this browser. It is not counted.":flag+" is decided again.";
        if(chip){mark(row,chip);row.classList.add("set")}
        if(!host.hasAttribute("data-overrides")){
        if(chip)values[flag]=JSON.parse(chip.getAttribute("data-ids"));else delete values[flag];
        simulate(values);
        return reload(flag,text);
        }
        if(values[flag]){delete values[flag];simulate(values)}
        var change={};change[flag]=key;
        send("POST",{overrides:change},flag,text,function(){if(before)mark(row,before);row.classList.toggle("set",wasSet)});
        }
        function mark(row,chip){
        all(".chip",row).forEach(function(other){
        other.setAttribute("aria-checked",other===chip);other.tabIndex=other===chip?0:-1;
        });
        }
        function clear(){
        simulate({});
        if(host.hasAttribute("data-overrides"))send("DELETE",null,null,"All flags are decided again.");
        else reload(null,"All flags are decided again.");
        }
        function explain(button,row){
        var reason=row.querySelector(".reason"),isShown=reason.hidden;
        reason.hidden=!isShown;button.setAttribute("aria-expanded",isShown);
        if(isShown)reason.scrollIntoView({block:"nearest"});
        }
        root.addEventListener("click",function(event){
        var button=event.target.closest("button"),row=event.target.closest("li"),what=button&&button.getAttribute("data-do");
        if(!button)return;
        if(button.classList.contains("chip"))choose(row,button);
        else if(what==="open"){if(!dragged)show(true,true);dragged=false}
        else if(what==="close")show(false,true);
        else if(what==="move"){
        var order=w.matchMedia("(max-width:480px)").matches?["br","tr"]:["br","bl","tl","tr"];
        dock(order[(order.indexOf(state.dock)+1)%order.length]);
        }
        else if(what==="clear")clear();
        else if(what==="reset")choose(row,null);
        else if(what==="why")explain(button,row);
        });
        root.addEventListener("input",function(event){
        var text=event.target.value.toLowerCase();
        all("li").forEach(function(row){row.hidden=row.getAttribute("data-flag").toLowerCase().indexOf(text)<0});
        });
        root.addEventListener("keydown",function(event){
        var chip=event.target.closest(".chip"),next=null;
        if(event.key==="Escape"&&state.open){show(false,true);event.stopPropagation();event.preventDefault();return}
        if(!chip)return;
        var row=chip.closest("li"),chips=all(".chip",row),rows=all("li").filter(function(other){return !other.hidden});
        var along=event.key==="ArrowRight"?1:event.key==="ArrowLeft"?-1:0,across=event.key==="ArrowDown"?1:event.key==="ArrowUp"?-1:0;
        if(along)next=chips[(chips.indexOf(chip)+along+chips.length)%chips.length];
        else if(across)next=(rows[rows.indexOf(row)+across]||row).querySelector(".chip[tabindex='0']");
        else if(event.key==="Home")next=chips[0];
        else if(event.key==="End")next=chips[chips.length-1];
        if(!next)return;
        if(along||next.closest("li")===row){chips.forEach(function(other){other.tabIndex=other===next?0:-1})}
        next.focus();event.stopPropagation();event.preventDefault();
        });
        root.addEventListener("pointerdown",function(event){
        var handle=event.target.closest(".pill,header");
        dragged=false;
        if(!handle||event.button||!handle.matches(".pill")&&event.target.closest("button,input,code"))return;
        from={x:event.clientX,y:event.clientY};
        handle.setPointerCapture(event.pointerId);
        });
        root.addEventListener("pointermove",function(event){
        if(!from)return;
        var x=event.clientX-from.x,y=event.clientY-from.y;
        dragged=dragged||Math.abs(x)+Math.abs(y)>8;
        if(dragged)one(".box").style.transform="translate("+x+"px,"+y+"px)";
        });
        function drop(event){
        if(!from)return;
        from=null;one(".box").style.transform="";
        if(dragged&&event.type==="pointerup")dock((event.clientY<w.innerHeight/2?"t":"b")+(event.clientX<w.innerWidth/2?"l":"r"));
        }
        root.addEventListener("pointerup",drop);
        root.addEventListener("pointercancel",drop);
        take();start();
        new MutationObserver(function(){if(host.querySelector("template")){take();start()}}).observe(host,{childList:true});
        })(document,window);
        """;
}
