// Postfix's own test server, made to fail at each point of the dialogue: what becomes of a message then, and whom it is about.
import { describe, expect, it, onTestFinished } from 'vitest';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { message } from '../delivery/messages.ts';
import { smtpSink } from '../support/postfix.ts';

/** [flags, when it fails, outcome, who is left alone]. "-f" and "-r" imply that it does without PIPELINING. */
const FAULTS: [string, string, string, string?][] = [
  ['', 'nowhere', 'sent'],
  ['-p', 'nowhere, one command at a time', 'sent'],
  ['-8 -N -E', 'nowhere, and offers little', 'sent'],
  ['-e', 'nowhere, and knows HELO alone', 'sent'],
  ['-H 1', 'nowhere, and reads late', 'sent'],
  ['-q connect', 'it hangs up at once', 'unavailable'],
  ['-q ehlo', 'it hangs up at EHLO', 'unavailable'],
  ['-q mail', 'it hangs up at MAIL FROM', 'unavailable'],
  ['-q rcpt', 'it hangs up at RCPT TO', 'unavailable'],
  ['-q data', 'it hangs up at DATA', 'unavailable'],
  ['-q .', 'it hangs up after the whole message', 'unknown'],
  ['-p -q rcpt', 'it hangs up at RCPT TO, one command at a time', 'unavailable'],
  ['-p -q data', 'it hangs up at DATA, one command at a time', 'unavailable'],
  ['-p -q .', 'it hangs up after the whole message, one command at a time', 'unknown'],
  ['-Q connect', '421 at the greeting', 'unavailable', 'relay'],
  ['-Q ehlo', '421 at EHLO', 'unavailable', 'relay'],
  ['-Q mail', '421 at MAIL FROM', 'unavailable', 'relay'],
  ['-Q rcpt', '421 at RCPT TO', 'deferred', 'domain'],
  ['-Q data', '421 at DATA', 'deferred', 'domain'],
  ['-Q .', '421 after the whole message', 'deferred', 'domain'],
  ['-p -Q mail', '421 at MAIL FROM, one command at a time', 'unavailable', 'relay'],
  ['-p -Q rcpt', '421 at RCPT TO, one command at a time', 'deferred', 'domain'],
  ['-p -Q .', '421 after the whole message, one command at a time', 'deferred', 'domain'],
  ['-f connect', '5yz at the greeting', 'unavailable'],
  ['-f ehlo,helo', '5yz at EHLO and HELO', 'unavailable'],
  ['-f mail', '5yz at MAIL FROM', 'unavailable'],
  ['-f rcpt', '5yz at RCPT TO', 'refused'],
  ['-f data', '5yz at DATA', 'refused'],
  ['-f .', '5yz after the whole message', 'refused'],
  ['-r connect', '4yz at the greeting', 'unavailable', 'relay'],
  ['-r mail', '4yz at MAIL FROM', 'unavailable', 'relay'],
  ['-r rcpt', '4yz at RCPT TO', 'deferred', 'domain'],
  ['-r data', '4yz at DATA', 'deferred', 'domain'],
  ['-r .', '4yz after the whole message', 'deferred', 'domain'],
  // Its reset of the connection may be faster than its answer.
  ['-A 0', '550 in the middle of the message', 'refused or unknown'],
];

describe('smtp-sink', () => {
  it.each(FAULTS)('%s: %s: the message is %s', async (flags, _when, outcome, quiet) => {
    const url = await smtpSink(...flags.split(' ').filter(flag => flag !== ''));
    const mailer = smtpMailer(url, 1);
    onTestFinished(() => mailer.close());
    const bytes = Buffer.from(`Subject: x\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(600)}`);
    const receipt = await mailer.send({ ...message('x'), bytes });
    expect(outcome.split(' or ')).toContain(receipt.outcome);
    expect(receipt.quiet).toBe(quiet);
    expect(receipt.answer).not.toBe('');
  });

  it('takes message after message on one connection', async () => {
    const mailer = smtpMailer(await smtpSink('-n', '1'), 1);
    onTestFinished(() => mailer.close());
    const ids = Array.from({ length: 50 }, (_, n) => `m${n}`);
    for (const id of ids) expect((await mailer.send(message(id))).outcome).toBe('sent');
  });
});
