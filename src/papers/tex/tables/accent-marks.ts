// The combining mark behind each accent command, and the single letters Unicode makes with it.
import { twoColumns } from './rows.ts';

const ACCENT_MARKS = new Map(
  twoColumns(`\` \u0300 ' \u0301 ^ \u0302 ~ \u0303 = \u0304 . \u0307 " \u0308 u \u0306 r \u030a H \u030b v \u030c
    d \u0323 c \u0327 k \u0328 b \u0331 t \u0361 grave \u0300 acute \u0301 hat \u0302 widehat \u0302
    tilde \u0303 widetilde \u0303 bar \u0304 breve \u0306 dot \u0307 ddot \u0308 mathring \u030a check \u030c
    widecheck \u030c vec \u20d7`),
);

/** Whether a command of this name puts an accent on what follows it. */
export function isAccent(name: string): boolean {
  return ACCENT_MARKS.has(name);
}

/** The base with the accent on its first letter, or nothing when Unicode has no single letter for that. */
export function accented(name: string, base: string): string | undefined {
  const first = String.fromCodePoint(base.codePointAt(0) ?? 0x20);
  const dotted = first === 'ı' ? 'i' : first === 'ȷ' ? 'j' : first;
  const composed = (dotted + (ACCENT_MARKS.get(name) ?? '')).normalize('NFC');
  if ([...composed].length !== 1 || composed === dotted) return undefined;
  // A hat over a whole word of a formula does not belong to its first letter.
  if (name.length > 1 && base.length > first.length) return undefined;
  return composed + base.slice(first.length);
}
