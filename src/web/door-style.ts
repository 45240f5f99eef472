// The look of the door's pages: a column of fields, notices, and what is less used folded away.

/** Added to the style of the page. */
export const DOOR_STYLE = `
main.choose{width:min(600px,100% - 32px);margin:6vh auto;background:var(--paper);padding:32px 36px;border:1px solid var(--line)}
label{display:block;margin:14px 0 4px;font-size:15px}
input,select,textarea{font:inherit;width:100%;min-width:0;padding:8px 10px;border:1px solid var(--soft);background:var(--desk);color:var(--ink);border-radius:4px}
textarea{resize:vertical;display:block}
fieldset{border:0;padding:0;margin:18px 0;min-width:0}legend{font-size:15px;padding:0 0 6px}
.checks{max-height:240px;overflow:auto;border:1px solid var(--line);border-radius:4px;padding:10px 14px}
label.check,.checks label{display:block;margin:4px 0}label.check input,.checks input{width:auto;margin:0 8px 0 0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 16px}
button{margin-top:18px;border-radius:4px}
input:focus-visible,select:focus-visible,textarea:focus-visible,summary:focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.said{border-left:4px solid var(--mark);padding:2px 0 2px 14px}
.soft{color:var(--soft);font-size:14px}
form>details{margin-top:18px}
form+form,form+details,details+form,details+details,details+p{margin-top:24px;padding-top:18px;border-top:1px solid var(--line)}
summary{cursor:pointer;font-weight:600}
table{border-collapse:collapse;width:100%;font-size:14px;margin:12px 0}td,th{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.hp{position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden}
@media(max-width:480px){main.choose{padding:24px 20px;margin:16px auto}.pair{grid-template-columns:1fr}}`;
