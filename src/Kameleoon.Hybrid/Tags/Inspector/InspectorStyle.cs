namespace Kameleoon.Hybrid;

/// <summary>The styles inside of the shadow root of the inspector. Those of the page do not reach it: the host resets everything, and a
/// size is a number of pixels.</summary>
internal static class InspectorStyle
{
    internal const string Text = """
        :host{all:initial!important;display:block!important;position:fixed!important;z-index:2147483647!important;direction:ltr!important;inset:auto 12px 12px auto!important}
        :host([data-dock=bl]){inset:auto auto 12px 12px!important}
        :host([data-dock=tl]){inset:12px auto auto 12px!important}
        :host([data-dock=tr]){inset:12px 12px auto auto!important}
        .box{--text:#1a2420;--soft:#56645d;--back:#fff;--line:#dfe5e1;--hover:#eef3f0;--on:#0b6b49;--onback:#e3f3ec;--pin:#8a4b00;--pinback:#fff0d6;--bad:#b3261e;
        font:13px/18px system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--text);color-scheme:light dark;text-align:left}
        @media (prefers-color-scheme:dark){.box{--text:#e9efec;--soft:#a3b1aa;--back:#18211d;--line:#34423b;--hover:#24302a;--on:#7fdcb4;--onback:#123a2b;--pin:#ffc876;--pinback:#46300c;--bad:#ffb4ab}}
        [hidden]{display:none!important}
        button,input{font:inherit;color:inherit;background:none;border:0;margin:0;padding:0;cursor:pointer}
        :focus{outline:none}
        :focus-visible{outline:2px solid var(--on);outline-offset:1px}
        .pill,.panel{background:var(--back);border:1px solid var(--line);box-shadow:0 4px 18px #0003}
        .pill{display:flex;align-items:center;gap:7px;height:34px;padding:0 13px;border-radius:17px;font-weight:600;touch-action:none;white-space:nowrap}
        .pill:hover{background:var(--hover)}
        .pill small,.pinned{font-size:12px;font-weight:400;color:var(--soft)}
        .pill .pinned{color:var(--pin);background:var(--pinback);border-radius:9px;padding:0 8px;font-weight:600}
        .dot{width:9px;height:9px;border-radius:50%;background:var(--on)}
        .dot.set{background:var(--pin)}
        .panel{display:flex;flex-direction:column;box-sizing:border-box;width:420px;max-width:calc(100vw - 24px);max-height:50vh;border-radius:10px;overflow:hidden}
        header{display:flex;align-items:center;gap:8px;flex:none;height:36px;padding:0 4px 0 12px;border-bottom:1px solid var(--line);touch-action:none;cursor:grab}
        header b{font-weight:600}
        header code{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;color:var(--soft);font:12px/18px ui-monospace,Menlo,Consolas,monospace;cursor:text;user-select:all}
        .find{width:110px;height:24px;padding:0 8px;border:1px solid var(--line);border-radius:6px;cursor:text}
        .icon{flex:none;width:28px;height:28px;border-radius:6px;color:var(--soft);text-align:center}
        .icon svg{display:block;margin:auto;width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
        .icon:hover,.icon[aria-expanded=true]{background:var(--hover);color:var(--text)}
        .active,.error,.note{display:flex;align-items:center;gap:8px;flex:none;margin:0;padding:5px 6px 5px 12px;font-size:12px}
        .active{color:var(--pin);background:var(--pinback)}
        .active span{flex:1;min-width:0}
        .active button{flex:none;height:24px;padding:0 10px;border:1px solid currentColor;border-radius:6px;font-weight:600}
        .says:not(.error){position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
        .error{color:var(--bad);border-bottom:1px solid var(--line);font-weight:600}
        .note{color:var(--soft);border-top:1px solid var(--line)}
        ul{flex:1 1 auto;min-height:0;margin:0;padding:3px 0;list-style:none;overflow-y:auto;overscroll-behavior:contain}
        li{padding:0 4px 0 12px}
        li+li{border-top:1px solid var(--line)}
        .row{display:flex;align-items:center;gap:4px;min-height:34px}
        .name{flex:0 1 auto;min-width:72px;max-width:150px;margin-right:auto;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:500}
        .chips{display:flex;gap:4px;flex:0 1 auto;min-width:0;overflow-x:auto;scrollbar-width:none;padding:3px}
        .chip{flex:none;height:24px;padding:0 9px;border:1px solid var(--line);border-radius:12px;font-size:12px;white-space:nowrap}
        .chip:hover:not([aria-disabled]){background:var(--hover)}
        .chip[aria-checked=true]{color:var(--on);background:var(--onback);border-color:currentColor;font-weight:600}
        .set>.row .chip[aria-checked=true]{color:var(--pin);background:var(--pinback)}
        .chip[aria-disabled]{cursor:default;color:var(--soft)}
        .chip[aria-disabled][aria-checked=true]{color:var(--on)}
        [aria-busy=true] .chip{opacity:.6;cursor:progress}
        .reason{padding:0 8px 8px 0;color:var(--soft);font-size:12px}
        .reason p{margin:0 0 2px}
        .reason p:first-child{color:var(--text);font-size:13px}
        summary{cursor:pointer;width:max-content;padding:1px 3px;border-radius:4px}
        pre{margin:3px 0 0;padding:6px 8px;max-height:130px;overflow:auto;border-radius:6px;background:var(--hover);color:var(--text);font:11px/16px ui-monospace,Menlo,Consolas,monospace}
        @media (max-width:480px){
        :host([data-open]){inset:auto 0 0 0!important}
        :host([data-open][data-dock^=t]){inset:0 0 auto 0!important}
        .panel{width:100%;max-width:none;max-height:50vh;max-height:50dvh;border-radius:12px 12px 0 0;border-width:1px 0 0}
        :host([data-dock^=t]) .panel{border-radius:0 0 12px 12px;border-width:0 0 1px}
        }
        @media (pointer:coarse){
        .pill{height:44px;border-radius:22px}
        header{height:40px}
        .row{min-height:40px}
        .chip,.active button{height:32px;border-radius:16px;padding:0 10px}
        .icon{width:32px;height:36px}
        .find{height:32px}
        }
        @media (forced-colors:active){.chip[aria-checked=true]{border-width:3px}}
        @media print{:host{display:none!important}}
        """;
}
