// Reads the machine-readable part of a delivery report: RFC 3464, and RFC 6533 for addresses in other scripts.
import { addressIn, type Fields, fieldGroups, first, untyped } from './fields.ts';
import type { Told } from './told.ts';

/** What a delivery report tells, recipient by recipient; empty where the part names none. */
export function readDeliveryStatus(text: string): Told[] {
  // The first group is about the message; some put recipients there too.
  return fieldGroups(text)
    .filter(group => group.has('final-recipient') || group.has('original-recipient'))
    .map(toldBy);
}

function toldBy(fields: Fields): Told {
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(first(fields, 'status'))?.[0] ?? null;
  const recipients = ['original-recipient', 'final-recipient'].map(name => addressIn(first(fields, name)));
  return {
    recipients: recipients.filter(address => address !== null),
    action: actionOf(first(fields, 'action'), status),
    status,
    diagnostic: untyped(first(fields, 'diagnostic-code')),
  };
}

/** RFC 3464 §2.3.3: failed, delayed, delivered, relayed, expanded. Where it is missing, the class of the status says it. */
function actionOf(value: string, status: string | null): Told['action'] {
  // "failed (after 5 days)" is written too: a comment by RFC 822.
  const word = /^[a-z]+/.exec(value.toLowerCase())?.[0];
  if (word === 'failed' || word === 'delayed') return word;
  if (word !== undefined) return 'other';
  return status?.startsWith('5') ? 'failed' : status?.startsWith('4') ? 'delayed' : 'other';
}
