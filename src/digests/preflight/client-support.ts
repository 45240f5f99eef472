// Which mail programs do not know which HTML and CSS: caniemail.com, MIT licence. Made by `npm run clients`.

/** The day of the data. */
export const CLIENT_DATA = '2026-05-13';

/** The programs, each with where it runs. */
export const CLIENTS = `
Gmail:web
Gmail:iOS
Gmail:Android
Outlook:Windows
Outlook:macOS
Outlook:web
Outlook:iOS
Outlook:Android
Apple Mail:macOS
Apple Mail:iOS
Yahoo:web
Yahoo:iOS
Yahoo:Android
Samsung Email:
Proton Mail:web
Proton Mail:iOS
Proton Mail:Android
Thunderbird:
`;

/** A line: the places of the programs that do not know it (in base 36), then the features, each behind a tab. */
export const UNKNOWN_TO = `
	!important	% unit	<address>	<blockquote>	<code>	<del>	<dfn>	<div>	<dl>	<h1>	<h2>	<h3>	<h4>	<h5>	<h6>	<hr>	<img>	<ol>	<p>	<pre>	<small>	<span>	<strike>	<strong>	<style>	<table>	<ul>	a CSS comment	background	background-color	border	border-collapse	cm unit	direction	display	display:none	em unit	ex unit	font	font-size	font-weight	in unit	letter-spacing	line-height	list-style-type	margin	max-width	mm unit	padding	pc unit	pt unit	px unit	rgb()	text-align	text-indent	text-transform	the attribute align	the attribute background	the attribute cellpadding	the attribute cellspacing	the attribute dir	the attribute height	the attribute lang	the attribute role	the attribute valign	the attribute width	vertical-align	width
012	a picture as data:
0123	:focus-visible	<marquee>	visibility	z-index
01234567	text-shadow
0123456789abc	inline-size
0123456789abcdh	hyphenate-limit-chars
012345679abcf	resize
01234567abc	<bdi>	<svg>	block-size	border-block-color	border-block-end	border-block-start	border-block-style	border-block-width	border-image	border-inline-color	border-inline-end	border-inline-start	border-inline-style	border-inline-width	clip-path	conic-gradient()	filter	grid-template	grid-template-areas	grid-template-columns	grid-template-rows	hyphenate-character	hyphens	margin-block-end	margin-block-start	margin-inline-end	margin-inline-start	max-inline-size	min-block-size	outline-offset	overflow-wrap	padding-block-end	padding-block-start	padding-inline-end	padding-inline-start	scroll-snap	text-decoration-skip-ink	text-decoration-thickness	text-underline-offset	text-wrap	the attribute hidden	the attribute inert	transform	user-select	var()	white-space-collapse
01234567abcd	border-block	border-end-end-radius	border-end-start-radius	border-inline	border-start-end-radius	border-start-start-radius	inset	margin-block	margin-inline	padding-block	padding-inline
01234567abcdgh	lab()	lch()	oklab()	oklch()
01234567abcdh	aspect-ratio
01234567abcef	:not	:nth-child	:nth-last-child
01234567abcefg	:nth-last-of-type	:nth-of-type	<audio>	<object>	<picture>	accent-color	the attribute sizes	the attribute srcset
01234567abcefgh	animation
01234567abcefh	the attribute popover
01234567abceg	list-style-image
01234567abcfg	color-scheme	the attribute loading
01234567abcgh	:has
01234567bcefg	@keyframes
01234567efh	@supports
01234567f	transition
01234567g	::marker
0123456ab	light-dark()
0123457abc	max-block-size	min-inline-size
012345abc	:lang
01235	:focus-within
0123567abc	backdrop-filter	mask-image	shape-margin	shape-outside
0123567abcd	text-emphasis-position
0123567abcefg	<video>
01235abch	the attribute aria-labelledby
01236	position
012369	:focus
012369d	:active
01237abc	flex-direction	tab-size
01237abcef	::after	::before
01237ef	::first-letter	::first-line
01237efg	::placeholder
012389defg	:visited
012389ef	:target
0123abc	@media (any-hover)	@media (hover)	align-items	bottom	flex-wrap	justify-content	left	orphans	right	top	widows
0123abcefgh	@media (prefers-color-scheme)
0123abcefh	@media (-webkit-device-pixel-ratio)
0123abch	@media (prefers-reduced-motion)	the attribute aria-describedby
0123ef	:first-child	:first-of-type	:last-child	:last-of-type	:only-child	:only-of-type
0123efg	:checked	:default
01245679b	cursor
0124567abcdefgh	<link>
0124567abcdefh	@import
0124567abcef	@font-face
0125abcefg	the attribute target
012ef	:link
013	<rp>	<rt>	<ruby>
0134567abc	<progress>
0134567abcef	<dialog>
01345abcfg	the attribute required
013abc	<meter>
03abc	box-shadow
1246789bcdf	text-justify
13	<wbr>
136	:hover
13abcefgh	@media (orientation)
1bcdfg	a link within the mail
237abcd	font-stretch	text-emphasis
3	background-image	background-position	background-repeat	background-size	border-radius	caption-side	clear	display:flex	display:grid	float	font-size-adjust	list-style-position	max-height	min-width	opacity	outline	overflow	rgba()	system-ui	text-decoration-color	text-decoration-line	text-decoration-style	ui-monospace	ui-rounded	ui-sans-serif	ui-serif	vh unit	vw unit	word-spacing
34	border-spacing	table-layout
34567abc	calc()	clamp()	linear-gradient()	max()	min()	radial-gradient()	text-align-last
3456abcg	<button>
3457bcdefg	<input>
34abc	text-underline-position
35ef	the selector .a.b
37	word-wrap
37cd	<textarea>
3abc	<abbr>	<acronym>	<article>	<aside>	<details>	<figcaption>	<figure>	<footer>	<header>	<main>	<mark>	<nav>	<section>	<summary>	<time>	background-blend-mode	background-clip	background-origin	box-sizing	ch unit	column-count	column-fill	column-gap	column-rule	column-span	column-width	columns	font-kerning	gap	initial	mix-blend-mode	object-fit	object-position	rem unit	row-gap	text-orientation	vmax unit	vmin unit	writing-mode
3abcd	fit-content	max-content	min-content	text-overflow
3b	<select>
3bc	empty-cells
3befg	<form>
3d	white-space
3ef	the selector *	the selector a+b	the selector a>b	the selector a~b
3efg	the selector [a]
3f	min-height
3h	@media
4567abch	the attribute aria-live
4bcefg	<body>
7fg	<base>
abc	height	word-break
abch	the attribute aria-hidden	the attribute aria-label
cg	<area>	<map>
ef	the selector #a
f	text-decoration
g	list-style
`;
