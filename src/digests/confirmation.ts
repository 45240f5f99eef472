// The mail that asks an address to confirm, or tells it something: our own words and one link, nothing that anybody typed.
import type { Masthead } from './frame.ts';
import { type Message, returnPath, type Sender, waysOut } from './message.ts';
import { compileMessage, END, type Seal, spliceSealed } from './mime-once.ts';
import type { Templates } from './template.ts';

/** What a confirmation mail can be about: see the table `confirmation`. */
type ConfirmationTopic = 'subscribe' | 'invite' | 'known' | 'move' | 'moved';

/** One such mail. `date` and `messageId` are fixed by its row, so that every attempt has the same bytes. */
export interface ConfirmationLetter {
  topic: ConfirmationTopic;
  to: string;
  messageId: string;
  date: Date;
  /** Where its button leads; null where no web pages are served. */
  url: string | null;
  /** The way out of whom the mail is for; null for an address that is no reader's. */
  leaveToken: string | null;
}

interface Words {
  subject: string;
  heading: string;
  what: string;
  button: string;
  otherwise: string;
}

const NOT_YOU =
  'You did not ask for this? Then do nothing: without your confirmation no more mail comes, and this address is forgotten within a week.';

const wordsOf = (topic: ConfirmationTopic, name: string): Words =>
  ({
    subscribe: {
      subject: `Confirm your subscription to ${name}`,
      heading: 'One more tap',
      what: `Somebody, hopefully you, subscribed this address to ${name}: the day’s new papers, by theme, in one mail. Confirm it, and the next edition is yours.`,
      button: 'Confirm subscription',
      otherwise: NOT_YOU,
    },
    invite: {
      subject: `${name}: do you want it?`,
      heading: 'Would you like to read it?',
      what: `You are invited to read ${name}: the day’s new papers, by theme, in one mail. Confirm it, and the next edition is yours.`,
      button: 'Confirm subscription',
      otherwise: 'You do not want it? Then do nothing: without your confirmation no more mail comes.',
    },
    known: {
      subject: `You read ${name} already`,
      heading: 'You are subscribed already',
      what: `Somebody, hopefully you, subscribed this address to ${name} again. It has a subscription, and nothing was changed. Here you can choose what you get, pause, or leave.`,
      button: 'Your preferences',
      otherwise: 'You did not ask for this? Then there is nothing to do.',
    },
    move: {
      subject: `Confirm your new address for ${name}`,
      heading: 'Is this your new address?',
      what: `A reader of ${name} asked that it come to this address from now on. Confirm it, and the next edition does.`,
      button: 'Confirm this address',
      otherwise: 'You did not ask for this? Then do nothing: without your confirmation no more mail comes.',
    },
    moved: {
      subject: `${name} goes to another address now`,
      heading: 'Your address was changed',
      what: `From now on your digest of ${name} goes to another address, which was confirmed there. This one gets no more mail.`,
      button: 'Your preferences',
      otherwise: 'This was not you? Change the address back on that page.',
    },
  })[topic];

/** What the templates `confirmation.mjml` and `confirmation.txt.hbs` are filled with. */
function confirmationView(
  topic: ConfirmationTopic,
  masthead: Pick<Masthead, 'name' | 'postalAddress'>,
  url: string | null,
) {
  const { name, postalAddress } = masthead;
  const words = wordsOf(topic, name);
  return { ...words, preheader: words.what, name, postalAddress, url };
}

/**
 * Writes the mail. It is no bulk mail: no List-Id, no Precedence; Auto-Submitted by RFC 3834. List-Unsubscribe leads to a way
 * out that works, or is left out. The same letter gives the same bytes.
 */
export async function writeConfirmation(
  letter: ConfirmationLetter,
  templates: Templates,
  masthead: Pick<Masthead, 'name' | 'postalAddress'>,
  sender: Sender,
  seal: Seal | null,
): Promise<Message> {
  const { topic, to, messageId, date, url, leaveToken } = letter;
  const view = confirmationView(topic, masthead, url);
  const oneClick = leaveToken !== null && sender.publicUrl !== null;
  const compiled = compileMessage({
    fields: [
      { name: 'From', value: { name: sender.name, address: sender.address } },
      { name: 'Subject', value: view.subject },
      { name: 'Auto-Submitted', value: 'auto-generated' },
      { name: 'List-Unsubscribe-Post', value: oneClick ? 'List-Unsubscribe=One-Click' : '' },
    ],
    html: [templates.html(view)],
    text: [templates.text(view)],
    logo: null,
  });
  const parts = { address: to, unsubscribeUrl: '', preferencesUrl: null };
  const leave = leaveToken === null ? null : waysOut(leaveToken, sender);
  const wire = await spliceSealed(compiled, { to, messageId, date, leave, parts }, seal);
  return {
    messageId,
    envelope: { from: returnPath(messageId, sender), to },
    bytes: wire.subarray(0, -END.length),
    wire,
  };
}
