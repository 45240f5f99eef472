// Preflight: what a mail must be before it may go out, checked on what its reader will get, and in three places: once a
// template, once a cut, once a message. docs/decisions/0019 says which of them stops a mail, and why.
import type { Digest, Masthead } from './digest.ts';
import { broken, type Check } from './preflight/check.ts';
import { checkCut } from './preflight/of-cut.ts';
import { checkMessage, type MessageParts } from './preflight/of-message.ts';
import { checkTemplates } from './preflight/of-template.ts';
import type { Templates } from './template.ts';

export { broken, type Check, type Level } from './preflight/check.ts';
export { checkCut } from './preflight/of-cut.ts';
export { checkMessage, checkOneOfMany, type MessageParts, partsOf } from './preflight/of-message.ts';
export { checkTemplates } from './preflight/of-template.ts';

/** All that was checked of one mail. `ok`: it may be sent; warnings may be among the checks. */
export interface Preflight {
  ok: boolean;
  checks: Check[];
}

/**
 * Every check of readers' mails, for those who look at them before they are sent. The templates are checked once, and
 * each digest once.
 */
export function preflight(desk: {
  templates: Templates;
  masthead: Masthead;
}): (digest: Digest, message: MessageParts) => Preflight {
  let templates: Check[] | undefined;
  const cuts = new WeakMap<Digest, Check[]>();
  return (digest, message) => {
    templates ??= checkTemplates(desk.templates, desk.masthead);
    const cut = cuts.get(digest) ?? checkCut(digest);
    cuts.set(digest, cut);
    const checks = [...cut, ...checkMessage(message), ...templates];
    return { ok: broken(checks, 'failure').length === 0, checks };
  };
}
