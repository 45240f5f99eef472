// By what a report can show that it speaks of a mail of ours: the mark in its addresses, and the reader's way out.

/** A mark of one of our messages that the report shows, and whether in its own address or in what it quotes. */
export interface Trace {
  mark: string;
  proof: 'return address' | 'message';
}

/**
 * A mark as `local+MARK@` or `<MARK@`: the 27 characters that messageIdOf makes. As the ENVID of our mail it comes back in
 * Original-Envelope-Id (RFC 3464 §2.2.1), even where nothing of the mail does.
 */
const MARK = /(?:[+<]|envelope-id:\s*)([\w-]{27})@/gi;
/** A reader's token as List-Unsubscribe and the footer have it: `/unsubscribe/TOKEN` or `?subject=unsubscribe%20TOKEN`. */
const TOKEN = /unsubscribe(?:\/|%20| )(1[\w-]{43})(?![\w-])/gi;

const MOST_TRACES = 20;
const MOST_TOKENS = 5;
const LOOKED_AT = 256 * 1024;

/**
 * The marks of a report, each once.
 * @param addresses where the report went, which is the return address of the mail that it is about
 * @param quoted what it has of that mail: its header, its Message-ID, its beginning
 */
export function tracesOf(addresses: readonly string[], quoted: readonly string[]): Trace[] {
  const traces = new Map<string, Trace['proof']>();
  const look = (text: string, proof: Trace['proof']) => {
    for (const [, mark = ''] of text.slice(0, LOOKED_AT).matchAll(MARK)) {
      if (traces.size >= MOST_TRACES) return;
      if (!traces.has(mark)) traces.set(mark, proof);
    }
  };
  for (const text of addresses) look(text, 'return address');
  for (const text of quoted) look(text, 'message');
  return [...traces].map(([mark, proof]) => ({ mark, proof }));
}

/** What looks like a reader's token in what a report quotes; lines that quoted-printable broke are made whole. */
export function tokensOf(quoted: readonly string[]): string[] {
  const found = new Set<string>();
  for (const text of quoted)
    for (const [, token = ''] of text
      .slice(0, LOOKED_AT)
      .replace(/=\r?\n/g, '')
      .matchAll(TOKEN)) {
      if (found.size >= MOST_TOKENS) break;
      found.add(token);
    }
  return [...found];
}
