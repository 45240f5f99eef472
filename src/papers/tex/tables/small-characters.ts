// The characters Unicode has for superscripts and subscripts.

const SUPERSCRIPTS = scripts(
  '0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW*⋆∗†‡′∘°⊤',
  '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ***†‡′°°ᵀ',
);

const SUBSCRIPTS = scripts('0123456789+-−=()aehijklmnoprstuvx', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ');

function scripts(from: string, to: string): Map<string, string> {
  const raised = [...to];
  return new Map([...from].map((char, i) => [char, raised[i] ?? char]));
}

/** The text in superscript (`^`) or subscript (`_`) characters, or nothing when one of them is missing. */
export function scriptFor(sign: string, text: string): string | undefined {
  const table = sign === '^' ? SUPERSCRIPTS : SUBSCRIPTS;
  let out = '';
  for (const char of text) {
    const small = table.get(char);
    if (small === undefined) return undefined;
    out += small;
  }
  return out;
}
