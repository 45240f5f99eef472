// The address at which the door for mail listens: lmtp://127.0.0.1:2424

/** Where to listen. */
export interface ListenUrl {
  lmtp: boolean;
  host: string;
  port: number;
}

/** Reads `lmtp://127.0.0.1:2424` or `smtp://…`; undefined where it is neither. */
export function readListenUrl(text: string): ListenUrl | undefined {
  const url = URL.parse(text.trim());
  if (url === null || !/^(?:lmtp|smtp):$/.test(url.protocol)) return undefined;
  const bare =
    url.username === '' && url.password === '' && /^\/?$/.test(url.pathname + url.search + url.hash);
  if (!bare || url.hostname === '' || url.port === '') return undefined;
  return {
    lmtp: url.protocol === 'lmtp:',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
  };
}
