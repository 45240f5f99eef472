// A small IMAP4rev1 server for tests, on loopback: one mailbox, real bytes on a real socket, and a few faults on demand.
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface Mail {
  uid: number;
  bytes: Buffer;
  seen: boolean;
  deleted: boolean;
}

/** What the server does wrong. */
interface Faults {
  /** Drops the connection at the first command that begins so, once. */
  dropAt?: string;
  /** Says NO to commands that begin so. */
  refuse?: string;
}

/** Starts a server with these mails in INBOX, all unread, and an empty folder Done. */
export async function imapServer(mails: readonly Buffer[], faults: Faults = {}) {
  const inbox: Mail[] = mails.map((bytes, at) => ({ uid: at + 1, bytes, seen: false, deleted: false }));
  const moved: Buffer[] = [];
  const heard: string[] = [];
  let dropped = false;
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('* OK ready\r\n');
    serve(socket, (tag, line, send) => {
      heard.push(line);
      if (faults.dropAt !== undefined && line.startsWith(faults.dropAt) && !dropped) {
        dropped = true;
        socket.destroy();
      } else if (faults.refuse !== undefined && line.startsWith(faults.refuse)) send(`${tag} NO not today`);
      else {
        const { lines = [], end } = said({ inbox, moved }, line);
        for (const one of lines) send(one);
        send(`${tag} ${end}`);
        if (line === 'LOGOUT') socket.end();
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>(resolve => server.close(() => resolve()));
  });
  const { port } = server.address() as { port: number };
  const url = (then = '', folder = 'INBOX', password = 'p%40ss') =>
    `imap://papers:${password}@127.0.0.1:${port}/${folder}${then}`;
  return { url, inbox, moved, heard };
}

type Send = (line: string | Buffer) => void;

/** Cuts what a client says into commands; arguments that come as literals are put into quotes. */
function serve(socket: Socket, command: (tag: string, line: string, send: Send) => void): void {
  let pending = '';
  const send: Send = line => {
    if (!socket.destroyed) socket.write(typeof line === 'string' ? `${line}\r\n` : line);
  };
  socket.on('data', chunk => {
    pending += chunk.toString('latin1');
    for (;;) {
      const end = pending.indexOf('\r\n');
      if (end < 0) return;
      const literal = /\{(\d+)(\+?)\}$/.exec(pending.slice(0, end));
      if (literal !== null) {
        const [size, begin] = [Number(literal[1]), end + 2];
        if (literal[2] === '') send('+ go on');
        if (pending.length < begin + size) return;
        pending = `${pending.slice(0, literal.index)}"${pending.slice(begin, begin + size)}"${pending.slice(begin + size)}`;
        continue;
      }
      const [, tag = '*', line = ''] = /^(\S+) (.*)$/s.exec(pending.slice(0, end)) ?? [];
      pending = pending.slice(end + 2);
      command(tag, line, send);
    }
  });
}

interface State {
  inbox: Mail[];
  moved: Buffer[];
}

/** What the server says to a command: untagged lines, and how it ends. */
interface Said {
  lines?: (string | Buffer)[];
  end: string;
}

const OK = { end: 'OK done' };

function said(state: State, line: string): Said {
  const words = line.split(' ').map(word => word.replace(/^"|"$/g, ''));
  switch (words[0]) {
    case 'CAPABILITY':
      return { lines: ['* CAPABILITY IMAP4rev1 UIDPLUS MOVE'], ...OK };
    case 'LOGIN':
      return words[1] === 'papers' && words[2] === 'p@ss'
        ? { end: 'OK [CAPABILITY IMAP4rev1 UIDPLUS MOVE] welcome' }
        : { end: 'NO [AUTHENTICATIONFAILED] Invalid credentials' };
    case 'SELECT':
      return words[1] === 'INBOX' ? selected(state) : { end: 'NO [NONEXISTENT] no such mailbox' };
    case 'LIST':
      // RFC 3501 §6.3.8: an empty name asks for the delimiter and the root.
      return { lines: [words[2] === '' ? '* LIST (\\Noselect) "/" ""' : '* LIST () "/" INBOX'], ...OK };
    case 'NOOP':
      return OK;
    case 'LOGOUT':
      return { lines: ['* BYE'], ...OK };
    case 'UID':
      return byUid(state, words[1] ?? '', uidsOf(words[2] ?? ''), words.slice(3).join(' '));
    default:
      return { end: `BAD what is ${words[0]}?` };
  }
}

const selected = ({ inbox }: State): Said => ({
  lines: [`* ${inbox.length} EXISTS`, '* FLAGS (\\Seen \\Deleted)', '* OK [UIDVALIDITY 7] valid'],
  end: 'OK [READ-WRITE] selected',
});

function byUid({ inbox, moved }: State, verb: string, uids: Set<number>, rest: string): Said {
  const meant = inbox.filter(({ uid }) => uids.has(uid));
  const take = (mails: readonly Mail[]) =>
    mails.map(mail => {
      const at = inbox.indexOf(mail);
      inbox.splice(at, 1);
      return `* ${at + 1} EXPUNGE`;
    });
  switch (verb) {
    case 'SEARCH': {
      const unread = inbox.filter(mail => !mail.seen).map(({ uid }) => uid);
      return { lines: [['* SEARCH', ...unread].join(' ')], ...OK };
    }
    case 'FETCH':
      return { lines: meant.flatMap(mail => fetched(mail, inbox.indexOf(mail) + 1, rest)), ...OK };
    case 'STORE':
      for (const mail of meant) {
        if (rest.includes('\\Seen')) mail.seen = true;
        if (rest.includes('\\Deleted')) mail.deleted = true;
      }
      return OK;
    case 'EXPUNGE':
      return { lines: take(meant.filter(mail => mail.deleted)), ...OK };
    case 'MOVE':
      if (rest.replaceAll('"', '') !== 'Done') return { end: 'NO [TRYCREATE] no such mailbox' };
      moved.push(...meant.map(({ bytes }) => bytes));
      return { lines: take(meant), ...OK };
    default:
      return { end: `BAD what is UID ${verb}?` };
  }
}

function fetched(mail: Mail, number: number, what: string): (string | Buffer)[] {
  const most = /<0\.(\d+)>/.exec(what)?.[1];
  const bytes = mail.bytes.subarray(0, most === undefined ? undefined : Number(most));
  const origin = most === undefined ? '' : '<0>';
  return [
    `* ${number} FETCH (UID ${mail.uid} BODY[]${origin} {${bytes.length}}`,
    Buffer.concat([bytes, Buffer.from(')\r\n')]),
  ];
}

/** `1:3,5` as the UIDs that it means. */
function uidsOf(set: string): Set<number> {
  const uids = new Set<number>();
  for (const range of set.split(',')) {
    const [first = 0, last = first] = range.split(':').map(Number);
    for (let uid = first; uid <= last; uid++) uids.add(uid);
  }
  return uids;
}
