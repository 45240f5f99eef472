// Whether a message is from Amazon SNS: its signature, by a certificate that only Amazon's own host can have given.
import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../store/schema.ts';

/** What SNS posts: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export const SnsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().nullish(),
  Timestamp: z.string(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().max(2000),
  SigningCertURL: z.string().max(500),
});
type SnsMessage = z.infer<typeof SnsMessage>;

/** Reads a text from an https address; throws where it cannot. */
export type ReadUrl = (url: string) => Promise<string>;

/** What signs a message, in this order (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Record<SnsMessage['Type'], readonly (keyof SnsMessage)[]>;

/** `arn:aws:sns:REGION:ACCOUNT:NAME`; the partitions of China and of the American government too. */
export const TOPIC_ARN =
  /^arn:aws(?:-cn|-us-gov)?:sns:([a-z]{2}(?:-[a-z]{1,10}){1,3}-\d{1,2}):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;

/**
 * Whether an address is of SNS itself, in the topic's own region: `sns.REGION.amazonaws.com` (`.cn`). No other name below
 * amazonaws.com will do, for anybody can have a bucket there; no port, no user, nothing that leads elsewhere.
 */
function isSnsUrl(text: string, topicArn: string): boolean {
  const region = TOPIC_ARN.exec(topicArn)?.[1];
  const url = URL.parse(text);
  if (url === null || region === undefined) return false;
  const host = `sns.${region}.amazonaws.com${topicArn.startsWith('arn:aws-cn:') ? '.cn' : ''}`;
  return url.protocol === 'https:' && url.host === host && url.username === '' && url.password === '';
}

const CERTIFICATE_PATH = /^\/SimpleNotificationService-[\da-f]{32,64}\.pem$/;

/** Why a message is refused, or null: it is from SNS. Throws only where the certificate cannot be had. */
type VerifySns = (message: SnsMessage) => Promise<string | null>;

/** Verifies messages of one topic. Certificates are fetched by `read`, and kept until they end. */
export function snsVerifier(topicArn: string, read: ReadUrl, clock: Clock): VerifySns {
  const certificateAt = certificates(read, clock);
  return async message => {
    // Before anything is fetched: a stranger gets nothing done here.
    if (message.TopicArn !== topicArn) return 'it is of another topic';
    const url = message.SigningCertURL;
    const path = URL.parse(url)?.pathname ?? '';
    if (!isSnsUrl(url, topicArn) || !CERTIFICATE_PATH.test(path) || /[?#]/.test(url))
      return 'its certificate is not from the host of SNS';
    const key = await certificateAt(url);
    if (key === null) return 'its certificate is not valid';
    const text = SIGNED[message.Type]
      .filter(name => typeof message[name] === 'string')
      .map(name => `${name}\n${message[name]}\n`)
      .join('');
    const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
    return verify(algorithm, Buffer.from(text), key, Buffer.from(message.Signature, 'base64'))
      ? null
      : 'its signature is wrong';
  };
}

/** There is one certificate a region, and another now and then. */
const MOST_KEPT = 10;
/** Names of certificates cost a caller nothing; to ask Amazon for each would be work done for them. */
const MOST_FETCHES_A_MINUTE = 5;

function certificates(read: ReadUrl, clock: Clock) {
  const kept = new Map<string, Promise<X509Certificate>>();
  let fetched: number[] = [];
  const fetchOnce = (url: string) => {
    const known = kept.get(url);
    if (known !== undefined) return known;
    const minuteAgo = clock().epochMilliseconds - 60_000;
    fetched = fetched.filter(at => at > minuteAgo);
    if (fetched.length >= MOST_FETCHES_A_MINUTE) throw new Error('too many certificates were asked for');
    fetched.push(clock().epochMilliseconds);
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    const certificate = read(url).then(pem => new X509Certificate(pem));
    kept.set(url, certificate);
    certificate.catch(() => kept.delete(url));
    return certificate;
  };
  return async (url: string): Promise<KeyObject | null> => {
    const certificate = await fetchOnce(url);
    const now = clock().epochMilliseconds;
    const [from, to] = [certificate.validFrom, certificate.validTo].map(text => Date.parse(text));
    if (from === undefined || to === undefined || !(now >= from && now <= to)) {
      kept.delete(url);
      return null;
    }
    return certificate.publicKey.asymmetricKeyType === 'rsa' ? certificate.publicKey : null;
  };
}

/** The address that confirms a subscription, if it is SNS's own and for this very topic; else undefined. */
export function confirmationUrl({ SubscribeURL = '' }: SnsMessage, topicArn: string): string | undefined {
  const url = URL.parse(SubscribeURL);
  const right =
    url !== null &&
    isSnsUrl(SubscribeURL, topicArn) &&
    url.pathname === '/' &&
    url.searchParams.get('Action') === 'ConfirmSubscription' &&
    url.searchParams.get('TopicArn') === topicArn;
  return right ? SubscribeURL : undefined;
}

const LONGEST_ANSWER = 64 * 1024;

/** Reads an address of the web, and follows it nowhere else; 5 seconds, 64 KB. */
export const readUrl: ReadUrl = async url => {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) });
  if (!response.ok || response.body === null)
    throw new Error(`${new URL(url).host} answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new Error(`${new URL(url).host} answers too much`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
