// What preflight holds back is not sent, is owed, and is sent once when the template is mended; all others get their mail.
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { inspectOnce } from '../../src/delivery/inspect.ts';
import { listDeliveries } from '../../src/delivery/ledger.ts';
import { editionsOnce } from '../../src/delivery/plan.ts';
import { publish } from '../../src/editions/publish.ts';
import { runJob, sendEdition } from '../../src/job.ts';
import { announce } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { exitStatusOf, sendingLine, sendStatus } from '../../src/report.ts';
import { instantText } from '../../src/store/schema.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { storeSubscriber } from '../../src/subscribers/subscriber.ts';
import { installation } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';
import { ownTemplates } from '../support/templates.ts';

const DAY = '2026-08-20';
const NEXT = '2026-08-21';

async function addPaper(app: App, day: string, title: string, abstract = 'We propose it. It works well.') {
  const announced = announce({ where: 'test', title, abstract, announcedOn: day });
  if (!('paper' in announced)) throw new Error(announced.detail);
  const from = { source: 'test', at: instantText(app.clock()), day };
  await app.db.transaction().execute(tx => storeAnnouncements(tx, [announced], from));
}

async function addReader(app: App, email: string, preferences: object) {
  const address = readAddress(email);
  if ('problem' in address) throw new Error(address.problem);
  const reader = { address, name: null, status: undefined, initialStatus: 'active' as const };
  const wishes = Preferences.parse(preferences);
  await app.db
    .transaction()
    .execute(tx => storeSubscriber(tx, { ...reader, preferences: wishes }, app.clock));
}

/** Readers of whole digests and of brief ones, an edition, and templates of the operator's own. */
async function ready(readers: Record<string, object>) {
  const server = await smtpServer();
  const own = await ownTemplates();
  const app = await installation({
    smtpUrl: server.url,
    mailFrom: 'papers@example.org',
    publicUrl: 'https://papers.example.org',
    templates: own.folder,
  });
  for (const [name, preferences] of Object.entries(readers))
    await addReader(app, `${name}@example.org`, preferences);
  await addPaper(app, DAY, 'Speculative decoding of language models');
  await publish(app.press, DAY);
  let minute = 0;
  const send = (edition = DAY) => {
    app.clock.set(`${edition}T07:${String(++minute).padStart(2, '0')}:00Z`);
    return sendEdition(app, edition, { dueOnly: false });
  };
  return { app, server, own, send, got: () => server.accepted.map(({ to }) => to.split('@')[0]).sort() };
}

const BRIEF = { length: 'brief' };
const READERS = { ada: {}, bo: BRIEF, cy: { length: 'full' }, di: { ...BRIEF, cadence: 'weekdays' } };
/** The branch of the templates that brief digests alone go through. */
const brief = (piece: string) =>
  ['partials/paper.hbs', '{{#if titleOnly}}', `{{#if titleOnly}}${piece}`] as const;

describe('a template that is broken for one kind of digest', () => {
  it.each([
    ['it never closes an element', '<b>', /^html: <b> is not closed/, /Close the element/],
    ['it has a dangerous link', '<a href="javascript:alert(1)">x</a>', /^links: javascript:alert/, /safeUrl/],
    ['it loads a picture', '<img src="https://example.org/x" alt="">', /^nothing remote: /, /nobody watches/],
    ['it names a field that is not there', '{{votes}}', /^expressions: .*"votes" not defined/, /fields/],
  ])(
    'because %s holds back that kind alone, says so once, and sends it once when it is mended',
    async (_what, piece, said, hint) => {
      const { app, own, send, got } = await ready(READERS);
      await own.change(...brief(piece));
      const first = await send();
      expect(got()).toEqual(['ada', 'cy']);
      expect(first).toMatchObject({ planned: 4, sent: 2, held: 2, waiting: 0, stopped: null });
      expect(first.problems.filter(({ level }) => level === 'failure')).toMatchObject([
        { detail: expect.anything(), hint: expect.stringMatching(hint), digest: 'brief digest', readers: 2 },
      ]);
      expect(sendStatus(first)).toBe(1);
      expect(sendingLine(first)).toContain('2 sent, 2 held back by preflight');
      const owed = await listDeliveries(app.db, { state: 'queued' });
      expect(owed.map(({ address }) => address)).toEqual(['bo@example.org', 'di@example.org']);
      for (const { reason, attempts } of owed) {
        expect(reason?.replace('preflight: ', '')).toMatch(said);
        expect(attempts).toBe(1);
      }

      expect(await send()).toMatchObject({ sent: 0, held: 2 });
      expect(got()).toEqual(['ada', 'cy']);

      await own.mend();
      const mended = await send();
      expect(mended).toMatchObject({ sent: 2, held: 0, problems: [] });
      expect(sendStatus(mended)).toBe(0);
      expect(got()).toEqual(['ada', 'bo', 'cy', 'di']);
      expect(await send()).toMatchObject({ planned: 0, sent: 0 });
      expect(got()).toHaveLength(4);
    },
  );

  it('and is not mended by the next day owes both days in one mail', async () => {
    const { app, server, own, send } = await ready({ bo: BRIEF });
    await own.change(...brief('<b>'));
    expect(await send()).toMatchObject({ sent: 0, held: 1 });
    await own.mend();
    app.clock.set(`${NEXT}T06:00:00Z`);
    await addPaper(app, NEXT, 'Diffusion models for images');
    await publish(app.press, NEXT);
    expect(await send(NEXT)).toMatchObject({ sent: 1 });
    const bytes = server.accepted.map(mail => mail.bytes.toString());
    expect(bytes).toHaveLength(1);
    expect(bytes[0]).toContain('Speculative decoding');
    expect(bytes[0]).toContain('Diffusion models');
    expect(await send(NEXT)).toMatchObject({ planned: 0 });
  });

  it('does not make a run longer: each of many is looked at, and left', async () => {
    const many = Array.from({ length: 40 }, (_, n) => [`reader${n}`, n % 2 === 0 ? BRIEF : {}]);
    const { app, own, send } = await ready(Object.fromEntries(many));
    await own.change(...brief('<b>'));
    expect(await send()).toMatchObject({ sent: 20, held: 20, waiting: 0 });
    const attempts = (await listDeliveries(app.db, { state: 'queued' })).map(row => row.attempts);
    expect(attempts).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('is told of by the job, with the reason, and its exit status is 1', async () => {
    const { app, own, got } = await ready(READERS);
    await own.change(...brief('<b>'));
    const said: { line: string; failed: boolean }[] = [];
    const report = await runJob(app, DAY, { onStep: (line, failed) => said.push({ line, failed }) });
    expect(exitStatusOf(app, report)).toBe(1);
    const lines = said.filter(({ line }) => line.startsWith('preflight'));
    expect(lines).toEqual([
      {
        line: expect.stringMatching(/^preflight: html: .*“Speculative decoding.*2 mails \(.*brief digest\)/),
        failed: true,
      },
    ]);
    expect(said.find(({ line }) => line.startsWith('deliver'))).toMatchObject({ failed: true });
    expect(got()).toEqual(['ada', 'cy']);
  });
});

describe('a template that is broken for everybody', () => {
  it('sends nothing to anybody, and says it once', async () => {
    const { own, send, got } = await ready(READERS);
    await own.change('digest.mjml', '{{summary}}', '{{summary}} \\{{name}}');
    const report = await send();
    expect(got()).toEqual([]);
    expect(report).toMatchObject({ sent: 0, held: 4 });
    expect(report.problems.filter(({ level }) => level === 'failure')).toMatchObject([
      { check: 'expressions', digest: null, readers: 4 },
    ]);
    await own.mend();
    expect(await send()).toMatchObject({ sent: 4, held: 0 });
  });
});

describe('a paper that looks wrong', () => {
  it('is sent all the same, with a warning that names it', async () => {
    const { app, send, got } = await ready({ ada: {} });
    app.clock.set(`${NEXT}T06:00:00Z`);
    await addPaper(app, NEXT, 'A good one');
    await addPaper(app, NEXT, 'An odd one');
    // What a source said in a way that was not understood when it was collected.
    const odd = { title: 'On \\foo{x} and salt &amp; pepper' };
    await app.db.updateTable('paper').set(odd).where('title', '=', 'An odd one').execute();
    await publish(app.press, NEXT);
    const report = await send(NEXT);
    expect(report).toMatchObject({ sent: 1, held: 0 });
    expect(report.problems).toMatchObject([
      { level: 'warning', check: 'leftovers', where: expect.stringContaining('On \\foo'), readers: 1 },
    ]);
    expect(sendStatus(report)).toBe(0);
    expect(got()).toEqual(['ada']);
  });
});

describe('what preflight costs', () => {
  it('is paid once for a cut, however many readers share it', async () => {
    const { app } = await ready({ ada: {} });
    const desk = await app.desk();
    let renders = 0;
    const html = (view: object) => {
      renders++;
      return desk.templates.html(view);
    };
    const counting = { ...desk, templates: { ...desk.templates, html } };
    const inspector = inspectOnce(counting, editionsOnce(app.db));
    const first = await inspector.digest([DAY], Preferences.parse({}));
    const after = renders;
    for (let reader = 0; reader < 1_000; reader++)
      expect(await inspector.digest([DAY], Preferences.parse({ hour: reader % 24 }))).toEqual(first);
    expect(renders).toBe(after);
  });
});
