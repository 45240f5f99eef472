// A sendmail program: what its exit codes mean, what it is called with, and that none of it is ever thrown.
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendmailMailer } from '../../src/delivery/mailer/sendmail.ts';
import { keepingSendmail, program } from '../support/sendmail.ts';
import { message } from './messages.ts';

function opened(path: string) {
  const mailer = sendmailMailer({ kind: 'sendmail', name: `sendmail:${path}`, weight: 1, path }, 2);
  onTestFinished(() => mailer.close());
  return mailer;
}

describe('the exit code of the program (sysexits.h)', () => {
  it.each([
    [0, 'sent', 'exit 0: taken: words'],
    [65, 'refused', 'exit 65: EX_DATAERR, the message is not accepted: words'],
    [67, 'refused', 'exit 67: EX_NOUSER, nobody has this address: words'],
    [68, 'refused', 'exit 68: EX_NOHOST, the domain does not exist: words'],
    [75, 'deferred', 'exit 75: EX_TEMPFAIL, not now: words'],
    [64, 'unavailable', 'exit 64: see sysexits.h: words'],
    [69, 'unavailable', 'exit 69: see sysexits.h: words'],
    [77, 'unavailable', 'exit 77: see sysexits.h: words'],
    [78, 'unavailable', 'exit 78: see sysexits.h: words'],
    [127, 'unavailable', 'exit 127: see sysexits.h: words'],
  ])('%i is %s', async (code, outcome, answer) => {
    const { path } = await program(`cat > /dev/null; echo words >&2; exit ${code}`);
    expect(await opened(path).send(message('x'))).toEqual({ outcome, answer });
  });
});

describe('a program that is killed', () => {
  it('after it got the message leaves open what became of it', async () => {
    const { path } = await program('cat > /dev/null; kill -9 $$');
    const receipt = await opened(path).send(message('x'));
    expect(receipt).toEqual({ outcome: 'unknown', answer: 'ended by SIGKILL' });
  });

  it('before it got the whole message has sent nothing', async () => {
    const { path } = await program('head -c 10 > /dev/null; kill -9 $$');
    const long = { ...message('x'), bytes: Buffer.alloc(4_000_000, 'x') };
    expect((await opened(path).send(long)).outcome).toBe('unavailable');
  });

  it('because it hangs leaves it open', async () => {
    const { path } = await program('cat > /dev/null; exec sleep 60');
    const mailer = sendmailMailer({ kind: 'sendmail', name: 'sendmail', weight: 1, path }, 1, 500);
    expect(await mailer.send(message('x'))).toEqual({ outcome: 'unknown', answer: 'ended by SIGKILL' });
  });

  it('because we close is settled at once', async () => {
    const { path, folder } = await program('cat > /dev/null; touch $HERE/read; exec sleep 60');
    const mailer = opened(path);
    const sending = mailer.send(message('x'));
    await waitFor(`${folder}/read`);
    await mailer.close();
    expect((await sending).outcome).toBe('unknown');
  });
});

async function waitFor(file: string): Promise<void> {
  const { existsSync } = await import('node:fs');
  while (!existsSync(file)) await new Promise(resolve => setTimeout(resolve, 10));
}

it('a program that ends well without reading has taken nothing', async () => {
  const { path } = await program('exit 0');
  const long = { ...message('x'), bytes: Buffer.alloc(4_000_000, 'x') };
  expect(await opened(path).send(long)).toMatchObject({
    outcome: 'unavailable',
    answer: expect.stringMatching(/before the message was read/),
  });
});

it('the envelope stands in its arguments, and an address is never taken for an option', async () => {
  const { path, calls } = await keepingSendmail();
  const mailer = opened(path);
  await mailer.send(message('verp'));
  await mailer.send(message('dash', '-bs@example.org'));
  expect(await calls()).toEqual([
    '-i -f papers+verp@example.org -- ada@example.org',
    '-i -f papers+dash@example.org -- -bs@example.org',
  ]);
});

it('lines end as programs of this system expect, and a line of one dot does not end the message', async () => {
  const { path, arrived } = await keepingSendmail();
  await opened(path).send({ ...message('x'), bytes: Buffer.from('Subject: x\r\n\r\n.\r\nGröße\r\n') });
  expect(await arrived()).toEqual(['Subject: x\n\n.\nGröße\n']);
});

it('a program that is not there is said before anything is sent', async () => {
  const mailer = opened('/not/there/sendmail');
  await expect(mailer.check()).rejects.toThrow(/The program \/not\/there\/sendmail cannot be run: ENOENT/);
  expect((await mailer.send(message('x'))).outcome).toBe('unavailable');
});
