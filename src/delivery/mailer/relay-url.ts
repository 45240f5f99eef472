// The addresses of mail servers, as SMTP_URL has them: smtp://, smtps://, sendmail:, ses://, one or several with weights.
import { isIPv4 } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { wordsOf } from '../../zod-words.ts';

/** How a relay is logged in to. */
export type Login =
  | { method: 'PLAIN' | 'LOGIN' | null; user: string; password: string }
  | { method: 'XOAUTH2'; user: string; token: string | Refresh };

/** What an access token is asked for with (RFC 6749 §6). */
interface Refresh {
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  tokenUrl: string;
}

/** One way out. `name` may be shown: it has no password. Of `weight` messages in the sum of all weights it gets as many. */
interface Named {
  name: string;
  weight: number;
}

export interface SmtpRelay extends Named {
  kind: 'smtp';
  host: string;
  port: number;
  /**
   * `opportunistic`: encrypted where the server can, and whoever it is · `required`: by STARTTLS, with a certificate that
   * is checked · `implicit`: the same from the first byte (RFC 8314) · `off`: never, for a server whose STARTTLS is broken.
   */
  tls: 'opportunistic' | 'required' | 'implicit' | 'off';
  login: Login | null;
  /** What we call ourselves; else the machine's name. */
  ehlo: string | null;
  /** Whose certificate is expected, where that is not the host's. */
  servername: string | null;
  /** Whether bounces are asked for by RFC 3461 where the server offers it. */
  dsn: boolean;
}

export interface SendmailRelay extends Named {
  kind: 'sendmail';
  path: string;
}

export interface SesRelay extends Named {
  kind: 'ses';
  region: string;
  /** Another address of the API than Amazon's own. */
  endpoint: string | null;
  configurationSet: string | null;
}

export type Relay = SmtpRelay | SendmailRelay | SesRelay;

const ALLOWED =
  'allowed: smtp://user:password@host:port or smtps://… (percent-encode @ : / in user and password), sendmail:/usr/sbin/sendmail, ses://REGION; several with blanks between them';

/**
 * Reads one or more addresses, with blanks or line ends between them. What is wrong is said without repeating the text: it
 * may hold a password.
 */
export function readRelays(text: string): Relay[] | { problem: string } {
  const relays: Relay[] = [];
  for (const one of separateRelays(text)) {
    const relay = readRelay(one);
    if ('problem' in relay) return relay;
    if (relays.some(({ name }) => name === relay.name))
      return { problem: `${relay.name} is there twice; give one of them a weight instead` };
    relays.push(relay);
  }
  return relays;
}

/** The addresses of a setting, each by itself. */
export const separateRelays = (text: string): string[] =>
  text.trim().split(/[\s,]+(?=(?:smtps?|sendmail|ses):)/);

export function readRelay(text: string): Relay | { problem: string } {
  const url = URL.parse(text);
  if (url === null || url.hash !== '') return { problem: ALLOWED };
  if (url.protocol === 'smtp:' || url.protocol === 'smtps:') return readSmtp(url);
  if (url.protocol === 'sendmail:') return readSendmail(url);
  return url.protocol === 'ses:' ? readSes(url) : { problem: ALLOWED };
}

const allowed = (text: string) => ({ error: `allowed: ${text}` });
const HOST_NAME = /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*|\[[\d.a-f:]+\])$/i;
const isTokenUrl = (text: string) => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
};

const weight = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, allowed('1 to 999'))
  .default('1')
  .transform(Number);

const SmtpOptions = z.strictObject({
  weight,
  tls: z.enum(['opportunistic', 'required', 'off']).optional(),
  auth: z.enum(['plain', 'login', 'xoauth2']).optional(),
  ehlo: z.string().regex(HOST_NAME, allowed('a host name')).optional(),
  servername: z.string().regex(HOST_NAME, allowed('a host name')).optional(),
  dsn: z.enum(['on', 'off']).default('on'),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().default(''),
  refreshToken: z.string().min(1).optional(),
  tokenUrl: z.string().refine(isTokenUrl, allowed('https://… (http:// only for this machine)')).optional(),
});
type SmtpOptions = z.infer<typeof SmtpOptions>;

const SendmailOptions = z.strictObject({ weight });
const SesOptions = z.strictObject({
  weight,
  endpoint: z.string().refine(isTokenUrl, allowed('https://… (http:// only for this machine)')).optional(),
  configurationSet: z
    .string()
    .regex(/^[\w-]{1,64}$/, allowed('letters, digits, _ and -'))
    .optional(),
});

function readSmtp(url: URL): Relay | { problem: string } {
  const host = hostOf(url);
  if (host === '' || !/^\/?$/.test(url.pathname)) return { problem: ALLOWED };
  const options = optionsOf(SmtpOptions, url);
  if ('problem' in options) return options;
  const login = loginOf(url, options);
  if (login !== null && 'problem' in login) return login;
  const isImplicit = url.protocol === 'smtps:';
  if (isImplicit && options.tls !== undefined)
    return { problem: 'smtps:// is encrypted from the first byte; tls= is for smtp://' };
  // A password is shown to nobody but the server that it is for, unless the operator says so.
  const usual = login === null || isLoopback(host) ? 'opportunistic' : 'required';
  return {
    kind: 'smtp',
    name: `${url.protocol}//${url.host}`,
    weight: options.weight,
    host,
    port: url.port === '' ? (isImplicit ? 465 : 587) : Number(url.port),
    tls: isImplicit ? 'implicit' : (options.tls ?? usual),
    login,
    ehlo: options.ehlo ?? null,
    servername: options.servername ?? null,
    dsn: options.dsn === 'on',
  };
}

function loginOf(url: URL, options: SmtpOptions): Login | null | { problem: string } {
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const { auth, clientId, clientSecret, refreshToken, tokenUrl } = options;
  const isToken = auth === 'xoauth2';
  if (!isToken && (clientId ?? refreshToken ?? tokenUrl) !== undefined)
    return { problem: 'clientId, refreshToken and tokenUrl are for auth=xoauth2' };
  if (user === '' && password === '')
    return auth === undefined ? null : { problem: 'auth= needs a user in front of the host' };
  if (!isToken)
    return { method: auth === undefined ? null : auth === 'plain' ? 'PLAIN' : 'LOGIN', user, password };
  if (refreshToken === undefined)
    return password === ''
      ? {
          problem:
            'auth=xoauth2 needs clientId, refreshToken and tokenUrl, or an access token as the password',
        }
      : { method: 'XOAUTH2', user, token: password };
  if (clientId === undefined || tokenUrl === undefined)
    return { problem: 'refreshToken needs clientId and tokenUrl beside it' };
  return { method: 'XOAUTH2', user, token: { clientId, clientSecret, refreshToken, tokenUrl } };
}

function readSendmail(url: URL): Relay | { problem: string } {
  const options = optionsOf(SendmailOptions, url);
  if ('problem' in options) return options;
  const path = decoded(url.pathname);
  if (url.host !== '' || !path.startsWith('/'))
    return { problem: 'allowed: sendmail:/usr/sbin/sendmail, with the whole path' };
  return { kind: 'sendmail', name: `sendmail:${path}`, weight: options.weight, path };
}

function readSes(url: URL): Relay | { problem: string } {
  const options = optionsOf(SesOptions, url);
  if ('problem' in options) return options;
  const region = url.hostname;
  if (
    !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region) ||
    url.username !== '' ||
    url.password !== '' ||
    url.port !== ''
  )
    return { problem: 'allowed: ses://eu-west-1; keys are read where the AWS SDK looks for them' };
  const { endpoint = null, configurationSet = null } = options;
  return { kind: 'ses', name: `ses://${region}`, weight: options.weight, region, endpoint, configurationSet };
}

function optionsOf<T extends z.ZodObject>(schema: T, url: URL): z.infer<T> | { problem: string } {
  const parsed = schema.safeParse(Object.fromEntries(url.searchParams));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  // A name that is unknown may be half of a password with a "?" in it.
  if (issue === undefined || issue.code === 'unrecognized_keys')
    return {
      problem: `allowed after the "?": ${Object.keys(schema.shape).join(', ')} (and percent-encode ? in a password)`,
    };
  return { problem: `${issue.path.join('.')}: ${wordsOf(issue)}` };
}

/** Hosts of these schemes are not made ASCII by the URL itself. */
const hostOf = ({ hostname }: URL) =>
  hostname.startsWith('[') ? hostname.slice(1, -1) : domainToASCII(decoded(hostname));

/** Whether a host is this machine. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || /^\[?::1\]?$/.test(host) || (isIPv4(host) && host.startsWith('127.'));

/** Passwords with a bare % were taken as they are before, too. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
