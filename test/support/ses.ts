// The SendEmail call of Amazon SES (API version 2) on loopback, as the AWS SDK speaks it.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

/** The part of the call that we look at. */
interface SendEmail {
  FromEmailAddress: string;
  Destination: { ToAddresses: string[] };
  Content: { Raw: { Data: string } };
  ConfigurationSetName?: string;
}

/** Answers a call; without it, messages are taken. */
export type SesAnswer = (response: ServerResponse, call: SendEmail) => void;

export function sesError(response: ServerResponse, status: number, name: string, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
    .end(JSON.stringify({ message }));
}

/** Starts it; the SDK finds keys for it as it does for Amazon. The message that only tries the door is not kept. */
export async function sesServer(answer?: SesAnswer) {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hush-hush-hush');
  const calls: (SendEmail & { authorization: string; bytes: Buffer })[] = [];
  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    const call = (await json(request)) as SendEmail;
    if (request.method !== 'POST' || request.url !== '/v2/email/outbound-emails')
      return sesError(response, 404, 'UnknownOperationException', 'no such call');
    if (call.FromEmailAddress === 'invalid@invalid' && answer === undefined)
      return sesError(response, 400, 'MessageRejected', 'Email address is not verified.');
    const bytes = Buffer.from(call.Content.Raw.Data, 'base64');
    calls.push({ ...call, bytes, authorization: request.headers.authorization ?? '' });
    if (answer !== undefined) return answer(response, call);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ MessageId: `0102-${calls.length}` }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    return new Promise<void>(resolve => server.close(() => resolve()));
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { calls, relay: { ...SES, endpoint } };
}

const SES = {
  kind: 'ses' as const,
  name: 'ses://eu-west-1',
  weight: 1,
  region: 'eu-west-1',
  configurationSet: null,
};
