// Amazon SES: what its answers mean for a message, and what it is asked. Against the API's own form, on loopback.
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sesMailer } from '../../src/delivery/mailer/ses.ts';
import { type SesAnswer, sesError, sesServer } from '../support/ses.ts';
import { message } from './messages.ts';

async function opened(answer?: SesAnswer, more: { configurationSet?: string } = {}) {
  const server = await sesServer(answer);
  const mailer = await sesMailer({ ...server.relay, ...more }, 2);
  onTestFinished(() => mailer.close());
  return { ...server, mailer };
}

describe('a message that is handed to SES', () => {
  it('is the finished one, for its one reader, and signed for by the keys that the SDK finds', async () => {
    const { mailer, calls } = await opened(undefined, { configurationSet: 'papers' });
    await mailer.check();
    const receipt = await mailer.send(message('x'));
    expect(receipt).toEqual({ outcome: 'sent', answer: 'taken by SES as 0102-1' });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.bytes.equals(message('x').bytes)).toBe(true);
    expect(calls[0]).toMatchObject({
      FromEmailAddress: 'papers@example.org',
      Destination: { ToAddresses: ['ada@example.org'] },
      ConfigurationSetName: 'papers',
      authorization: expect.stringMatching(/AKIDEXAMPLE.*eu-west-1\/ses/),
    });
  });
});

it('the sender is told by address alone, whatever name stands in front of it', async () => {
  const { mailer, calls } = await opened();
  const bytes = Buffer.from('From: =?UTF-8?Q?Gr=C3=B6=C3=9Fe=2C?= <papers@example.org>\r\n\r\nx\r\n');
  await mailer.send({ ...message('x'), bytes });
  expect(calls[0]?.FromEmailAddress).toBe('papers@example.org');
  expect(calls[0]?.bytes.equals(bytes)).toBe(true);
});

describe('an answer of SES', () => {
  it.each([
    [400, 'MessageRejected', 'refused', undefined],
    [400, 'BadRequestException', 'refused', undefined],
    [429, 'TooManyRequestsException', 'unavailable', 'relay'],
    [400, 'LimitExceededException', 'unavailable', 'relay'],
    [400, 'ThrottlingException', 'unavailable', 'relay'],
    [503, 'ServiceUnavailable', 'unavailable', 'relay'],
    [500, 'InternalServiceError', 'deferred', undefined],
    [400, 'MailFromDomainNotVerifiedException', 'unavailable', undefined],
    [400, 'SendingPausedException', 'unavailable', undefined],
    [403, 'AccessDeniedException', 'unavailable', undefined],
    [403, 'InvalidSignatureException', 'unavailable', undefined],
  ])('%i %s is %s', async (status, name, outcome, quiet) => {
    const { mailer, calls } = await opened(response => sesError(response, status, name, 'words'));
    const receipt = await mailer.send(message('x'));
    expect([receipt.outcome, receipt.quiet]).toEqual([outcome, quiet]);
    expect(receipt.answer).toBe(`${name}: words`);
    // The SDK tries nothing by itself: it could send the message twice.
    expect(calls).toHaveLength(1);
  });

  it('that does not come leaves open what became of the message', async () => {
    const drop = (response: ServerResponse) => void response.destroy();
    const { mailer, calls } = await opened(drop);
    expect((await mailer.send(message('x'))).outcome).toBe('unknown');
    expect(calls).toHaveLength(1);
  });

  it('that takes too long leaves it open as well', async () => {
    const { relay, calls } = await sesServer(() => {});
    const mailer = await sesMailer(relay, 1, 2000);
    onTestFinished(() => mailer.close());
    expect((await mailer.send(message('x'))).outcome).toBe('unknown');
    expect(calls).toHaveLength(1);
  });

  it('that does not come because we close leaves it open too', async () => {
    let arrived = () => {};
    const asked = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const { mailer } = await opened(() => arrived());
    const sending = mailer.send(message('x'));
    await asked;
    await mailer.close();
    expect((await sending).outcome).toBe('unknown');
  });
});

describe('SES that cannot be used', () => {
  it('is said before anything is sent, with what to check', async () => {
    const { mailer } = await opened(response =>
      sesError(response, 403, 'UnrecognizedClientException', 'The security token is invalid.'),
    );
    const error = await mailer.check().catch(e => e);
    expect(error.message).toMatch(
      /Amazon SES in eu-west-1 cannot be used: UnrecognizedClientException: The security/,
    );
    expect(error.hint).toMatch(/AWS_ACCESS_KEY_ID.*ses:SendEmail/);
  });

  it('because nobody is there has taken nothing', async () => {
    const { relay } = await sesServer();
    const mailer = await sesMailer({ ...relay, endpoint: 'http://127.0.0.1:1' }, 1);
    onTestFinished(() => mailer.close());
    expect((await mailer.send(message('x'))).outcome).toBe('unavailable');
    await expect(mailer.check()).rejects.toThrow(/cannot be used/);
  });
});
