// The tables of commands without arguments: the characters they stand for, or the nothing they leave.
// Maps, not objects: `\constructor` must find nothing.
import type { Piece } from '../piece.ts';
import { twoColumns, words } from './rows.ts';

const ORDINARY = `
  alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
  varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ
  upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ
  Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ħ infty ∞ partial ∂ nabla ∇ emptyset ∅ varnothing ∅ aleph ℵ
  forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ prime ′ backslash \\ Re Re Im Im
  imath ı jmath ȷ Box □ square □ blacksquare ■ Diamond ◇ diamond ⋄ star ⋆ bigstar ★ dagger † ddagger ‡ dag †
  ddag ‡ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭ natural ♮ sharp ♯ checkmark ✓ cmark ✓
  xmark ✗ crossmark ✗ ldots … dots … cdots ⋯ dotsc … dotsb ⋯ vdots ⋮ ddots ⋱ textellipsis …
  langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lVert ‖ rVert ‖ Vert ‖ lvert | rvert | vert |
  lbrace { rbrace } lbrack [ rbrack ] degree ° degreeCelsius °C celsius °C percent % textpercent %
  textdegree ° textmu µ textohm Ω textonehalf ½ textonesuperior ¹ texttwosuperior ² textthreesuperior ³ textperthousand ‰ permil ‰ textendash – textemdash —
  textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” textquotedbl " textquotesingle '
  textbullet • textperiodcentered · textasciitilde ~ textasciicircum ^ textbackslash \\ textbar |
  textunderscore _ textless < textgreater > textbraceleft { textbraceright } textdollar $ texttimes ×
  textpm ± textrightarrow → textleftarrow ← texttrademark ™ textregistered ® textcopyright © copyright ©
  pounds £ textsterling £ euro € texteuro € textyen ¥ textsection § S § textdagger † colon : lbar |
  LaTeX LaTeX TeX TeX BibTeX BibTeX AA Å eg e.g. Eg E.g. ie i.e. Ie I.e. etc etc. cf cf. wrt w.r.t. vs vs.
  viz viz. iid i.i.d. aka a.k.a. uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓
  nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂
  bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ lt < gt >`;

const RELATIONS = `
  leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ approx ≈ sim ~ simeq ≃ cong ≅ equiv ≡
  asymp ≍ propto ∝ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ doteq ≐
  in ∈ ni ∋ notin ∉ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ subsetneq ⊊ sqsubseteq ⊑ perp ⊥ parallel ∥
  to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ longrightarrow ⟶ longleftarrow ⟵ mapsto ↦
  longmapsto ⟼ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ Longrightarrow ⟹ Longleftrightarrow ⟺ implies ⟹
  iff ⟺ hookrightarrow ↪ rightharpoonup ⇀ rightleftharpoons ⇌ rightsquigarrow ⇝ leadsto ⇝ multimap ⊸
  vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ mid | triangleq ≜ coloneqq ≔ coloneq ≔ bowtie ⋈`;

const BINARIES = `
  times × cdot · div ÷ pm ± mp ∓ ast ∗ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ wedge ∧
  land ∧ vee ∨ lor ∨ cap ∩ cup ∪ sqcup ⊔ uplus ⊎ setminus ∖ bmod mod ltimes ⋉ rtimes ⋊`;

const FUNCTIONS = `
  log ln lg exp min max arg argmin argmax sup inf lim limsup liminf sin cos tan cot sec csc arcsin arccos
  arctan sinh cosh tanh coth det dim ker hom gcd Pr deg sgn sign softmax`;

/** Every symbol command by name, with how it behaves in a formula. */
export const SYMBOLS: ReadonlyMap<string, Readonly<Piece>> = new Map<string, Piece>([
  ...twoColumns(ORDINARY).map(([name, text]): [string, Piece] => [name, { text, kind: 'plain' }]),
  ...twoColumns(RELATIONS).map(([name, text]): [string, Piece] => [name, { text, kind: 'relation' }]),
  ...twoColumns(BINARIES).map(([name, text]): [string, Piece] => [name, { text, kind: 'binary' }]),
  ...words(FUNCTIONS).map((name): [string, Piece] => [name, { text: name, kind: 'function' }]),
  ['etal', { text: 'et al.', kind: 'plain' }],
]);

/** Letters that stand alone in text: \o, \ss, \l …; a space after the command only ends its name. */
export const LETTERS: ReadonlyMap<string, string> = new Map(
  twoColumns(
    'o ø O Ø ss ß SS ẞ aa å AA Å ae æ AE Æ oe œ OE Œ l ł L Ł i ı j ȷ dh ð DH Ð dj đ DJ Đ ng ŋ NG Ŋ th þ TH Þ',
  ),
);

/** Commands that only switch fonts, sizes or spacing and leave nothing behind, nor the space after them. */
export const SILENT: ReadonlySet<string> = new Set(
  words(`bf em it rm sf sl sc tt bfseries itshape rmfamily sffamily ttfamily scshape mdseries upshape normalfont
    tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge boldmath unboldmath displaystyle
    textstyle scriptstyle scriptscriptstyle left right middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm
    biggl biggr Biggl Biggr limits nolimits centering noindent maketitle expandafter relax xspace allowbreak
    nobreak leavevmode faGithub footnotemark nonumber notag hfill cal protect`),
);

/** Commands that leave a space: explicit gaps and breaks. */
export const GAPS: ReadonlySet<string> = new Set(
  words(
    'quad qquad enspace enskip space thinspace newline linebreak par hline toprule midrule bottomrule smallskip',
  ),
);

/** Double-struck shorthands many authors define for themselves, as in `$\R^d$`. */
export const SHORTHANDS: ReadonlyMap<string, string> = new Map(twoColumns('R ℝ N ℕ Z ℤ Q ℚ C ℂ'));
