// How the studio looks: its frame, its forms and tabs, and the places where mails are shown.

export const STYLE = `
body{display:grid;grid-template-columns:286px minmax(0,1fr);min-height:100vh}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:var(--paper);padding:8px 14px;z-index:2}
aside{border-right:1px solid var(--line);background:var(--paper);padding:22px 0;overflow:auto;max-height:100vh;position:sticky;top:0}
aside h1{font-size:24px;padding:0 22px;margin:0 0 4px}aside>p{padding:0 22px;margin:0 0 14px;color:var(--soft);font-size:14px}
aside form,aside details,aside .chips{padding:0 22px}aside .keys{margin-top:18px}aside h2{font:600 13px/1.4 inherit;font-size:13px;margin:18px 22px 6px;color:var(--soft)}
label{display:block;font-size:13px;color:var(--soft);margin:8px 0 2px}
input,select{font:inherit;font-size:15px;width:100%;padding:6px 8px;border:1px solid var(--line);border-radius:4px;background:var(--desk);color:var(--ink)}
input[type=checkbox]{width:auto;margin:0 6px 0 0}
input:focus-visible,select:focus-visible,summary:focus-visible{outline:3px solid var(--mark);outline-offset:1px}
button{border-radius:4px;padding:7px 16px;margin:10px 0 0;font-size:15px}
fieldset{border:0;padding:0;margin:8px 0}legend{font-size:13px;color:var(--soft);padding:0 0 4px}summary{cursor:pointer;color:var(--mark);font-size:15px;padding:4px 0}
aside details form{padding:0}.checks{max-height:180px;overflow:auto;border:1px solid var(--line);border-radius:4px;padding:6px 10px}.checks label{margin:2px 0;color:var(--ink)}
.chips{display:flex;flex-wrap:wrap;gap:6px}form+.chips{margin-top:12px}.chips a{border:1px solid var(--line);border-radius:14px;padding:2px 11px;font-size:14px;text-decoration:none}
.chips a[aria-current]{background:var(--mark);color:var(--paper);border-color:var(--mark)}
aside ol{list-style:none;margin:0;padding:0}aside li a{display:block;padding:11px 22px;border-top:1px solid var(--line);color:inherit;text-decoration:none}
aside li a[aria-current]{background:var(--desk);box-shadow:inset 4px 0 var(--mark)}aside li b,aside li span{display:block;overflow-wrap:anywhere}aside li span{font-size:13px;color:var(--soft)}
main{padding:22px 26px 60px;min-width:0}header p{margin:4px 0;color:var(--soft);font-size:14px;overflow-wrap:anywhere}
header h2{font:700 22px/1.3 Georgia,'Times New Roman',serif;margin:0;overflow-wrap:anywhere}
header b{color:var(--ink)}header .bad{color:var(--mark);font-weight:600}
.tabs{display:flex;flex-wrap:wrap;gap:4px 16px;margin:12px 0 0;padding:0 0 8px;font-size:15px}
.tabs+.tabs{margin-top:0;font-size:14px}.tabs.last{border-bottom:1px solid var(--line);margin-bottom:16px}
.tabs a{text-decoration:none;padding:2px 0}.tabs a[aria-current]{color:var(--ink);font-weight:600;border-bottom:2px solid var(--mark)}.tabs span{color:var(--soft)}
.frames{display:flex;flex-wrap:wrap;gap:18px}.frames figure{margin:0;flex:0 1 375px;min-width:0}.frames figure.desktop{flex:1 1 500px;max-width:760px}
figcaption{font-size:13px;color:var(--soft);margin:0 0 6px}iframe{display:block;border:1px solid var(--line);background:#fff}
.frames iframe{width:100%;height:calc(100vh - 220px);min-height:520px}
.wall{display:grid;grid-template-columns:repeat(auto-fill,176px);gap:14px}.wall figure{margin:0;min-width:0}
.wall .pane{overflow:hidden;border:1px solid var(--line);height:480px}.wall .pane a{display:block}
.wall iframe{border:0;transform-origin:0 0;pointer-events:none}.wall .phone iframe{width:375px;height:1022px;transform:scale(.47)}
.wall.desktop{grid-template-columns:repeat(auto-fill,301px)}.wall .desktop iframe{width:640px;height:1022px;transform:scale(.47)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--paper);border:1px solid var(--line);padding:20px;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:0}
pre.text{white-space:pre;overflow:auto;max-width:100%}
.problem{background:var(--paper);border:1px solid var(--line);border-left:6px solid var(--mark);padding:20px 24px;max-width:860px}
.problem h2{font:700 22px/1.3 Georgia,'Times New Roman',serif;margin:0 0 8px}.problem pre{margin:12px 0}.problem p{margin:6px 0;overflow-wrap:anywhere}
.panel{max-width:960px}.panel form{max-width:420px}
kbd{font:12px ui-monospace,Menlo,monospace;border:1px solid var(--line);border-radius:3px;padding:0 4px;color:var(--soft)}
@media(max-width:860px){body{display:block}aside{position:static;max-height:none;border:0;border-bottom:1px solid var(--line);padding:16px 0}aside h1,aside>p,aside form,aside details,aside .chips{padding-left:16px;padding-right:16px}aside h2{margin-left:16px}
aside ol{display:flex;overflow-x:auto}aside li span{display:none}aside li a{padding:10px 16px;border-right:1px solid var(--line);white-space:nowrap}aside li a[aria-current]{box-shadow:inset 0 -4px var(--mark)}main{padding:18px 16px 40px}aside form.pick{display:grid;grid-template-columns:1fr 1fr;gap:0 12px}.pick label{grid-row:1}.pick button{grid-column:1/3}.chips{flex-wrap:nowrap;overflow-x:auto;padding-bottom:4px}.chips a{white-space:nowrap}.keys{display:none}.frames figure,.frames figure.desktop{flex:1 1 100%}.frames iframe{height:70vh}}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}`;
