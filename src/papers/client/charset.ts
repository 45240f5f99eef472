// From the bytes of an answer to its text, whatever they hold.

/**
 * The character encoding of `bytes`: by their byte order mark, the `charset` of the Content-Type, the XML declaration,
 * in this order (RFC 7303 §3), else UTF-8. A label that nobody knows counts as UTF-8.
 */
export function charsetOf(bytes: Uint8Array, contentType: string): string {
  const mark = [...bytes.subarray(0, 3)];
  if (mark[0] === 0xef && mark[1] === 0xbb && mark[2] === 0xbf) return 'utf-8';
  if (mark[0] === 0xff && mark[1] === 0xfe) return 'utf-16le';
  if (mark[0] === 0xfe && mark[1] === 0xff) return 'utf-16be';
  const said = /;\s*charset\s*=\s*["']?([\w.:+-]+)/i.exec(contentType.slice(0, 200))?.[1];
  if (said !== undefined) return known(said);
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const declared = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:+-]+)["']/i.exec(head)?.[1];
  const label = known(declared ?? 'utf-8');
  // A declaration that could be read byte by byte does not stand in UTF-16, whatever it says.
  return label.startsWith('utf-16') ? 'utf-8' : label;
}

function known(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}

/** The text of `bytes`. Bytes that mean nothing become U+FFFD; a character that is cut off at the `cut` end is left out. */
export function decodeText(bytes: Uint8Array, contentType: string, cut = false): string {
  return new TextDecoder(charsetOf(bytes, contentType)).decode(bytes, { stream: cut });
}
