// Every failure that Paperround foresees: a closed table of codes, each with its meaning and its exit status.

/** The codes, what each means, and the exit status of a command that ends in it (1 failed, 2 bad usage). */
const ERROR_CODES = {
  usage: { exit: 2, means: 'The command line asks for something that does not exist.' },
  config: { exit: 2, means: 'A setting is missing or has a value that is not allowed.' },
  input: { exit: 2, means: 'A file or value that was handed in cannot be used.' },
  storage: { exit: 1, means: 'The database or the data folder cannot be opened, read or written.' },
  template: { exit: 1, means: 'A digest template is broken.' },
  mailer: { exit: 1, means: 'The mail server cannot be reached or does not accept us.' },
  source: {
    exit: 1,
    means: 'A source of papers cannot be reached, or answers with something that is no list of papers.',
  },
  port: { exit: 1, means: 'A local port cannot be opened.' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where in an operator's file something is wrong; the line counts from 1 and is null where nobody can say it. */
export interface Place {
  file: string;
  line: number | null;
  /** The lines around it, numbered, the one that is meant with ">": `> 12 | {{#if note}}`. */
  excerpt: readonly string[];
}

/**
 * An expected failure. `message` says what was wrong and where, `details` lists one problem a line, and `hint` says
 * what is allowed or what to do next. `place` is there where a file of the operator's is at fault. Anything else that is
 * thrown is a defect of Paperround.
 */
export class PaperroundError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly string[];
  readonly hint: string | undefined;
  readonly place: Place | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { details?: readonly string[]; hint?: string; place?: Place; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'PaperroundError';
    this.code = code;
    this.details = more.details ?? [];
    this.hint = more.hint;
    this.place = more.place;
  }

  get exitStatus(): number {
    return ERROR_CODES[this.code].exit;
  }
}

/** The one-line reason of anything that was thrown, for messages; never a stack trace. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.message.split('\n')[0] ?? thrown.name;
}
