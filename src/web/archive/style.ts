// The look of the archive's pages, and the policy that lets them have it and nothing else.
import { createHash } from 'node:crypto';
import { SUBSCRIBE_BOX_STYLE } from '../subscribe-box.ts';

export const STYLE = `
:root{color-scheme:light dark;--paper:#fffdf9;--desk:#efeae0;--ink:#1c1b19;--text:#2b2a27;--soft:#625d54;--line:#d9d2c3;--hair:#ece5d7;--mark:#94380f;--found:#f8e4cc;--edge:#d9a98c}
@media(prefers-color-scheme:dark){:root{--paper:#1d1c1a;--desk:#131211;--ink:#f6f2e9;--text:#e9e5dc;--soft:#b3ada0;--line:#3b3833;--hair:#2e2c28;--mark:#f2a56f;--found:#4d3826;--edge:#8a5a3c}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--desk);color:var(--text);font:16px/1.55 -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
h1,h2,h3{font-family:Georgia,'Times New Roman',serif;color:var(--ink);line-height:1.2;margin:0;text-wrap:balance}p,ol,ul{margin:0}
a{color:var(--mark)}a:focus-visible,button:focus-visible,summary:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
button{font:inherit;padding:10px 20px;border:0;border-radius:4px;background:var(--mark);color:var(--paper);cursor:pointer}
.skip{position:absolute;left:-999px}.hid{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.skip:focus{left:8px;top:8px;background:var(--paper);padding:8px 14px}
.top{display:flex;flex-wrap:wrap;gap:4px 22px;align-items:baseline;max-width:800px;margin:0 auto;padding:14px 24px}
.top a{color:var(--soft);text-decoration:none;padding:4px 0}.top a:hover,.top [aria-current]{color:var(--mark);text-decoration:underline}
.top .home{font:700 17px/1.2 Georgia,serif;color:var(--ink);margin-right:auto}.top .home:hover{color:var(--mark)}
main{max-width:800px;margin:0 auto;background:var(--paper);border:1px solid var(--line);padding:44px 56px 56px}
.mast h1{font-size:44px;letter-spacing:-.5px}.mast img{display:block;margin-bottom:14px}.by{color:var(--soft);font:italic 18px/1.4 Georgia,serif;margin-top:4px}
.mast .when{font-weight:600;color:var(--ink)}
.days{display:flex;flex-wrap:wrap;gap:4px 20px;justify-content:space-between;align-items:baseline;margin-top:22px;padding:10px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.days span{color:var(--soft)}.sum{color:var(--soft);margin-top:14px}
.box{margin-top:26px;padding:20px 22px;background:var(--desk);border-radius:6px}
.toc{list-style:none;padding:0;margin-top:18px;display:flex;flex-wrap:wrap;gap:6px 18px;font-size:15px}.toc span{color:var(--soft)}
.sec{margin-top:46px}.sec>h2{font:600 14px/1.4 -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;letter-spacing:1.2px;text-transform:uppercase;color:var(--mark);border-bottom:2px solid var(--mark);padding-bottom:6px;scroll-margin-top:12px}
.sec>h2 a{color:inherit;text-decoration:none}.sec>h2 a:hover{text-decoration:underline}.sec>h2 span{color:var(--soft);font-weight:400;letter-spacing:0}
.list{list-style:none;padding:0}.list>li{padding:20px 0;border-bottom:1px solid var(--hair)}.list>li:last-child{border-bottom:0}
.p{display:grid;grid-template-columns:52px minmax(0,1fr);gap:0 18px}.list:not(:has(.v b)) .p{display:block}
.v{text-align:center;color:var(--soft);font-size:13px;line-height:1.3;padding-top:2px}.v b{display:block;font:700 19px/1.2 Georgia,serif;color:var(--ink)}.v i{font-style:normal;color:var(--mark)}
.p h3{font-size:20px;line-height:1.3}.p h3 a{color:inherit;text-decoration:none}.p h3 a:hover{text-decoration:underline;color:var(--mark)}
.m{color:var(--soft);font-size:14px;margin-top:3px}.s{margin-top:8px}.note{margin-top:10px;padding:2px 0 2px 14px;border-left:3px solid var(--edge);font:italic 16px/1.5 Georgia,serif}
.l{margin-top:8px;font-size:14px;display:flex;flex-wrap:wrap;gap:4px 18px}.l .m{margin:0}.l .m a{color:inherit}.sum span a{margin-right:10px}mark{background:var(--found);color:inherit;border-radius:2px;padding:0 1px}
.pager{display:flex;flex-wrap:wrap;gap:8px 22px;justify-content:space-between;margin-top:26px;padding-top:16px;border-top:1px solid var(--line)}
.lead{color:var(--soft);margin-top:8px;max-width:60ch}.kick{font-size:14px;color:var(--soft);margin-bottom:8px}
h1{font-size:34px}.rows{list-style:none;padding:0;margin-top:22px}.rows li{display:flex;flex-wrap:wrap;gap:2px 16px;justify-content:space-between;padding:11px 0;border-bottom:1px solid var(--hair)}
.rows a{font-weight:600}.rows small{font-size:14px;color:var(--soft);flex:1 0 100%}.rows .n{color:var(--soft);font-size:14px}
.find{display:flex;flex-wrap:wrap;gap:8px;margin-top:20px}.find label{flex:1 0 100%;font-weight:600}.find input{flex:1 1 220px;min-width:0;font:inherit;padding:10px 12px;border:1px solid var(--soft);border-radius:4px;background:var(--paper);color:var(--ink)}
.find input:focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.abs{margin-top:22px;font-size:17px;line-height:1.65}.facts{margin:26px 0 0;display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 20px;font-size:15px}.facts dt{color:var(--soft)}.facts dd{margin:0}
.chart{margin:22px 0 0}.chart svg{display:block;width:100%;height:auto;max-height:140px}.chart figcaption{color:var(--soft);font-size:14px}.chart table{font-size:14px;border-collapse:collapse}.chart th,.chart td{padding:3px 18px 3px 0;text-align:left;font-weight:400}
.years h2{font-size:20px;margin-top:28px}.years ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:6px 20px;margin-top:8px}
.foot{max-width:800px;margin:0 auto;padding:24px;color:var(--soft);font-size:14px}.foot a{color:inherit}.foot p+p{margin-top:8px}.foot span{margin-right:16px}
@media(max-width:560px){main{padding:26px 20px 36px;border-width:1px 0}.top{padding:12px 20px;gap:2px 16px}.top .home{flex:1 0 100%}.mast h1{font-size:34px}h1{font-size:28px}.p{display:block}.v{text-align:left;padding:0 0 4px}.v b{display:inline;font-size:15px;margin-right:4px}.box{padding:18px 16px}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:8px}.foot{padding:20px}}
@media print{.top,.box,.foot,.skip{display:none}body,main{background:#fff;border:0}}
${SUBSCRIBE_BOX_STYLE}`;

const digest = createHash('sha256').update(STYLE).digest('base64');

/** This one style sheet, pictures that stand in the page, forms to this site: no script, no frame, nothing from elsewhere. */
export const POLICY = `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
