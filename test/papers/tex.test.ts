// What a reader sees where an author wrote TeX.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { texToText } from '../../src/papers/tex/tex.ts';

const tex = String.raw;

describe('a reader sees the letters an author meant', () => {
  it.each([
    [tex`Andr\'e`, 'André'],
    [tex`Erd\H{o}s--R\'enyi`, 'Erdős–Rényi'],
    [tex`Schr\"{o}dinger, Nystr{\"o}m and N\"uwa`, 'Schrödinger, Nyström and Nüwa'],
    [tex`R$\'{e}$nyi`, 'Rényi'],
    [tex`\'Erudit and \c{S}im\c{s}ek`, 'Érudit and Şimşek'],
    [tex`Toma\v{s}ev, \u{g}, \k{a}, \r{a}, \d{s}, \.z`, 'Tomašev, ğ, ą, å, ṣ, ż'],
    [tex`k\={a}k\={a}, Se\~nor, C\^ote, \`a`, 'kākā, Señor, Côte, à'],
    [tex`Mart\'{\i}n and \'\i`, 'Martín and í'],
    [tex`\O{}rsted, Bj\o rn, Stra\ss e, \L{}ukasz, \AA ngstr\"om`, 'Ørsted, Bjørn, Straße, Łukasz, Ångström'],
    [tex`\t{oo} and \b{x}`, 'oo and x'],
  ])('%s reads %s', (source, shown) => {
    expect(texToText(source)).toBe(shown);
    expect(texToText(source)).toBe(shown.normalize('NFC'));
  });

  it.each([
    [tex`radiologists\' workload`, "radiologists' workload"],
    [tex`the model\'s answers don\'t vary`, "the model's answers don't vary"],
    [tex`an \"open\" question by \"Ozg\"ur`, 'an "open" question by Özgür'],
  ])('an apostrophe somebody escaped does not become an accent: %s', (source, shown) => {
    expect(texToText(source)).toBe(shown);
  });

  it("a Greek letter broken in arXiv's own listings comes back whole", () => {
    expect(texToText(tex`a correlation of \r{ho} = 0.94`)).toBe('a correlation of ρ = 0.94');
  });
});

describe('a reader sees a formula in one readable line', () => {
  it.each([
    [tex`$\alpha$-VAE`, 'α-VAE'],
    [tex`H$_2$O and MAS$^2$ at 90$^\circ$`, 'H₂O and MAS² at 90°'],
    [tex`$\mathcal{O}(1/\sqrt{T})$`, 'O(1/√T)'],
    [tex`$\tilde{\mathcal{O}}(\epsilon^{-2}\log d)$`, 'Õ(ε⁻² log d)'],
    [tex`$W\in\mathbb{R}^{m\times n}$`, 'W ∈ ℝ^(m×n)'],
    [tex`$\frac{1}{2}$, $\frac{a+b}{c}$, $\frac{1}{2n}$`, '1/2, (a+b)/c, 1/(2n)'],
    [tex`$\sqrt{T}$, $\sqrt{a+b}$, $\sqrt[3]{x}$`, '√T, √(a+b), ∛x'],
    [tex`$x_i$, $10^{-3}$, $N_{\text{avg}}$, $T^{\frac{2}{3}}$`, 'xᵢ, 10⁻³, N_avg, T^(2/3)'],
    [tex`$\epsilon_{\mathrm{RM}}^2C^*$`, 'ε_(RM)²C*'],
    [tex`$\sum_{i=1}^n x_i$ and $n\log n$`, '∑ᵢ₌₁ⁿ xᵢ and n log n'],
    [tex`$d\log\frac{1}{\delta}$`, 'd log (1/δ)'],
    [tex`$\left(\frac{a}{b}\right)$ and $\left.x\right|_{0}$`, '(a/b) and x|₀'],
    [tex`$\max\{n^{-1}, \delta\}$`, 'max{n⁻¹, δ}'],
    [tex`$\min_{\theta} \|x\|_2$`, 'min_θ ‖x‖₂'],
    [tex`$\hat{y}$ is kept, $\hat{x}$ and $\vec{v}$ are not`, 'ŷ is kept, x and v are not'],
    [tex`$p<0.05$ and $\delta\in[0,1]$`, 'p < 0.05 and δ ∈ [0,1]'],
    [tex`$\sim$5 hours, $\geq 90\%$, ($<$5%), $\pm$3`, '~5 hours, ≥90%, (<5%), ±3'],
    [tex`$256\times256$, $n \times m$, 2.3$\times$ faster`, '256×256, n × m, 2.3× faster'],
    [tex`\(x\), \[y\], $$E = mc^2$$`, 'x, y, E = mc²'],
    [tex`\begin{equation} a = b \end{equation}`, 'a = b'],
    [tex`$\textbf{DA}$$^{\textbf{2}}$`, 'DA²'],
    [tex`$20\\%$ of $\\Theta$ and $\beta\_t\^2$`, '20% of Θ and βₜ²'],
    [tex`$\not\in$, $a \equiv b \pmod{n}$`, '∉, a ≡ b (mod n)'],
    [tex`$D=\mathrm{diag}(A{\bf 1}_n)$`, 'D = diag(A1ₙ)'],
    [tex`10^{-3} and \mathbb{R}^{d} outside dollars`, '10⁻³ and ℝᵈ outside dollars'],
    [tex`360{\deg} and $9.27\deg$`, '360° and 9.27°'],
    [tex`label$\unicode{x2014}$shared`, 'label—shared'],
  ])('%s reads %s', (source, shown) => {
    expect(texToText(source)).toBe(shown);
  });

  it('never answers with a mathematical-alphanumeric letter, which breaks in mail and in screen readers', () => {
    const styles = ['mathcal', 'mathbb', 'mathfrak', 'mathscr', 'mathbf', 'mathsf', 'mathtt', 'boldsymbol'];
    const all = styles.map(style => `$\\${style}{ABCEHNPQRZaz019}$`).join(' ');
    expect(texToText(all)).not.toMatch(/[\u{1d400}-\u{1d7ff}]/u);
  });
});

describe('a reader sees words, not commands', () => {
  it.each([
    [tex`\emph{x}, \textbf{y}, {\em z} and {\bf ×3.12}`, 'x, y, z and ×3.12'],
    [tex`$\texttt{Uni-VQA}$ and $\underline{Uni}$fied`, 'Uni-VQA and Unified'],
    [tex`\eg{} this, \ie, that, \etal. say \vs them`, 'e.g. this, i.e., that, et al. say vs. them'],
    [tex`\ModelName is new, \ModelName{x} too, \ours{} wins`, 'ModelName is new, x too, ours wins'],
    [tex`\method\xspace is fast`, 'method is fast'],
    [tex`{BERT} and {\LaTeX}`, 'BERT and LaTeX'],
    [tex`\textcolor{red}{Note} {\color{blue} this}`, 'Note this'],
    [tex`\SI{25.9}{\percent}, \SI{0.06}{m/s}, \ang{7.3}`, '25.9%, 0.06 m/s, 7.3°'],
    [tex`\ding{172} first \ding{183} second`, '① first ❷ second'],
    [tex`5\textsuperscript{th} of H\textsubscript{2}O`, '5th of H₂O'],
    [tex`50\% of A\&B, \#1, \$5, my\_var, \{x\}`, '50% of A&B, #1, $5, my_var, {x}'],
    [tex`**Retro\*** and \<eos\>`, '**Retro*** and <eos>'],
    [tex`one\\two \\[2pt] three`, 'one two three'],
    [tex`ends with a backslash \ `.trim(), 'ends with a backslash \\'],
  ])('%s reads %s', (source, shown) => {
    expect(texToText(source)).toBe(shown);
  });

  it.each([
    [tex`shown before~\cite{x}, and again (\citep[p.~3]{y}).`, 'shown before, and again.'],
    [tex`public\footnote{\url{https://a.b}}. See it`, 'public. See it'],
    [tex`public.\footnote{Our code is at https://a.b`, 'public. Our code is at https://a.b'],
    [tex`at \url{https://a.b/~c\_d--e} today`, 'at https://a.b/~c_d--e today'],
    [tex`our \href{https://a.b/c}{code}`, 'our code (https://a.b/c)'],
    [tex`at \href{https://a.b/c}{https://a.b/c}.`, 'at https://a.b/c.'],
    [
      tex`Threefold: \begin{itemize} \item a bound \item a proof. \end{itemize} Done`,
      'Threefold: a bound; a proof. Done',
    ],
  ])('references, links and lists leave a plain sentence: %s', (source, shown) => {
    expect(texToText(source)).toBe(shown);
  });

  it('names that mean something to JavaScript are only names', () => {
    expect(texToText(tex`\constructor \toString{x} \hasOwnProperty`)).toBe('constructor x hasOwnProperty');
  });
});

describe('quotation marks, dashes and ties come out as print', () => {
  it.each([
    ["``more is more''", '“more is more”'],
    ['``more essential" information', '“more essential” information'],
    ["''yes'' (resp. ''no'')", '“yes” (resp. “no”)'],
    ["a `don't ask' rule", "a ‘don't ask’ rule"],
    ['platforms---such as 1--2 -- or so', 'platforms—such as 1–2 – or so'],
    ['Smith~et~al., Table~5, self-supervised~(SSL)', 'Smith et al., Table 5, self-supervised (SSL)'],
  ])('%s reads %s', (source, shown) => {
    expect(texToText(source)).toBe(shown);
  });
});

describe('prose that is no TeX arrives as the author wrote it', () => {
  it.each([
    ['20times faster, ktimes k, 3 space billion'],
    ['costs $5 and $10, or US$5-$10 in all'],
    ['GPT-4 is state-of-the-art'],
    ['my_var and x^2'],
    ['a total of ~5K, (~30%), 3~5 dB, r~0.49, https://x.edu/~ann and ~/notes'],
    ['https://x.edu/a--b_c/d?e=1&f=2'],
    ['run it with --flag, or (--dry-run) --> done <!-- x -->'],
    ['`code`, ```fence``` and an unpaired ` sign'],
    ['{{name}}, {{{name}}} and {{#each x}}'],
    ['weights in {-1, 0, 1}'],
    ['a lone $ sign, a lone { brace'],
    ['100% of 5 % is fine'],
    ['Ünïcödé and 漢字 and 🎉'],
  ])('%s', source => {
    expect(texToText(source)).toBe(source);
  });
});

const pieces = ['$', '$$', '{', '}', '\\', '^', '_', '~', '`', "'", '--', 'a', ' ', '5', '"', '\n', '🎉'];
const commands = [
  '\\frac',
  '\\sqrt',
  '\\textbf{',
  "\\'",
  '\\alpha',
  '\\begin{x}',
  '\\item',
  '\\cite{a}',
  '\\(',
  '\\)',
];
const texLike = fc
  .array(fc.constantFrom(...pieces, ...commands), { maxLength: 60 })
  .map(parts => parts.join(''));

describe('no text can stop an edition', () => {
  it('any string gives a string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => typeof texToText(text) === 'string'));
  });

  it('any heap of TeX gives a string', () => {
    fc.assert(
      fc.property(texLike, text => typeof texToText(text) === 'string'),
      { numRuns: 2000 },
    );
  });

  it('letters, digits and hyphens pass unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 .,;:?!()-]*$/), text => {
        fc.pre(!text.includes('--'));
        expect(texToText(text)).toBe(text);
      }),
    );
  });

  const units = [
    '{',
    '}',
    '$',
    '$$',
    '\\',
    '`',
    "'",
    '"',
    '~',
    '-',
    '^',
    '_',
    '\\(',
    "\\'",
    '\\hat',
    '\\frac{',
    '$a',
  ];
  const more = [
    '$x^{',
    '\\text{$',
    '\\begin{equation}',
    '\\cite{a} ',
    '\\item ',
    '\\foo[',
    'http://',
    '{{',
    '`a',
    '\\$a',
  ];
  it.each([...units, ...more])('100,000 times %s takes no more than a moment', unit => {
    const started = performance.now();
    texToText(`x$y$${unit.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each([
    ['{', '}'],
    ['\\frac{', '}{b}'],
    ['$x^{', '}$'],
    ['\\text{$', '$}'],
    ["\\'{", '}'],
  ])('nesting %s 50,000 deep overflows nothing', (open, close) => {
    const started = performance.now();
    expect(texToText(`${open.repeat(50_000)}x${close.repeat(50_000)}`)).toContain('x');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
