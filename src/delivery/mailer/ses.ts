// Amazon SES by its API (version 2), through nodemailer. The AWS SDK is loaded from the operator's own installation of it.
import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import type SESTransport from 'nodemailer/lib/ses-transport';
import { headersOf, type Message } from '../../digests/message.ts';
import { PaperroundError, reasonOf } from '../../errors.ts';
import type { Mailer, Receipt } from './mailer.ts';
import type { SesRelay } from './relay-url.ts';

/** What the SDK puts on an error. */
interface SesError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** Within the lease of a delivery. */
const PATIENCE_MS = 60_000;
const CONNECT_MS = 20_000;

/**
 * A mailer for one region. Keys are found by the SDK (AWS_ACCESS_KEY_ID, a role of the machine, …). SES puts a Message-ID and
 * a Date of its own in place of ours, and its own return path.
 * @param patienceMs of silence, then nobody knows what became of a message
 * @throws PaperroundError `config` when the SDK is not installed
 */
export async function sesMailer(
  relay: SesRelay,
  connections: number,
  patienceMs = PATIENCE_MS,
): Promise<Mailer> {
  const { SESv2Client, SendEmailCommand } = await loadSdk();
  const sesClient = new SESv2Client({
    region: relay.region,
    ...(relay.endpoint !== null && { endpoint: relay.endpoint }),
    // Another try by itself could send a message twice.
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: patienceMs,
      connectionTimeout: CONNECT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const transport = nodemailer.createTransport({ SES: { sesClient, SendEmailCommand } });
  const ses = transport.transporter as unknown as SESTransport;
  return {
    name: relay.name,
    connections,
    async check() {
      try {
        await transport.verify();
      } catch (error) {
        // It is tried with a message that cannot be sent: an answer about that came through all doors.
        if (ABOUT_THE_MESSAGE.has((error as SesError).name)) return;
        throw new PaperroundError(
          'mailer',
          `Amazon SES in ${relay.region} cannot be used: ${saidBy(error as SesError)}`,
          {
            hint: 'Check the region, the keys (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role) and that they may do ses:SendEmail.',
            cause: error,
          },
        );
      }
    },
    async send(message) {
      try {
        return { outcome: 'sent', answer: `taken by SES as ${await handOver(ses, message, relay)}` };
      } catch (error) {
        return receiptOf(error as SesError);
      }
    },
    async close() {
      sesClient.destroy();
    },
  };
}

async function loadSdk(): Promise<typeof import('@aws-sdk/client-sesv2')> {
  try {
    return await import('@aws-sdk/client-sesv2');
  } catch (error) {
    throw new PaperroundError(
      'config',
      `ses:// needs the AWS SDK, which is not installed: ${reasonOf(error)}`,
      {
        hint: 'Run "npm install @aws-sdk/client-sesv2" beside Paperround. SES speaks SMTP as well: smtp://USER:PASSWORD@email-smtp.REGION.amazonaws.com.',
        cause: error,
      },
    );
  }
}

/** Past nodemailer's composer, like SMTP. @returns the id by which SES knows the message */
function handOver(ses: SESTransport, message: Message, { configurationSet }: SesRelay): Promise<string> {
  const call = {
    FromEmailAddress: senderOf(message),
    ...(configurationSet !== null && { ConfigurationSetName: configurationSet }),
  };
  const mail = {
    data: { ses: call },
    message: {
      _headers: [],
      getEnvelope: () => ({ from: message.envelope.from, to: [message.envelope.to] }),
      messageId: () => message.messageId,
      createReadStream: () => Readable.from([message.bytes], { objectMode: false }),
    },
  };
  return new Promise((resolve, reject) => {
    ses.send(mail as unknown as Parameters<SESTransport['send']>[0], (error, info) => {
      if (error) reject(error);
      else resolve(info?.response ?? '');
    });
  });
}

/** The bare address in From, which must be one that SES knows; the name in front of it stands in the message. */
function senderOf({ bytes, envelope }: Message): string {
  const from = headersOf(bytes).find(({ name }) => name === 'From')?.value ?? envelope.from;
  return /<([^<>]+)>$/.exec(from)?.[1] ?? from;
}

/** Errors of SendEmail that speak of this message; those of the account, the keys and the network speak of all. */
const ABOUT_THE_MESSAGE = new Set(['MessageRejected', 'BadRequestException']);
const ASKS_FOR_TIME = new Set([
  'TooManyRequestsException',
  'LimitExceededException',
  'ThrottlingException',
  'Throttling',
]);
/** Before a connection stood, nothing was handed over. */
const NEVER_THERE = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|.*_CERT)/;

function receiptOf(error: SesError): Receipt {
  const { name, code = '' } = error;
  const answer = saidBy(error);
  const status = error.$metadata?.httpStatusCode;
  if (ABOUT_THE_MESSAGE.has(name)) return { outcome: 'refused', answer };
  if (ASKS_FOR_TIME.has(name) || status === 429 || status === 503)
    return { outcome: 'unavailable', answer, quiet: 'relay' };
  // The SDK itself takes these for safe to try again.
  if (status !== undefined && status >= 500) return { outcome: 'deferred', answer };
  if (
    status !== undefined ||
    NEVER_THERE.test(code) ||
    /without establishing a connection|credential/i.test(answer)
  )
    return { outcome: 'unavailable', answer };
  return { outcome: 'unknown', answer };
}

const saidBy = (error: SesError) => `${error.name}: ${reasonOf(error)}`;
