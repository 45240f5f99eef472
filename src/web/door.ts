// The readers' door: come in, choose, leave.
import type { Hono } from 'hono';
import { addConfirm } from './confirm.ts';
import type { DoorParts } from './forms.ts';
import { addPreferences } from './preferences.ts';
import { addSubscribe } from './subscribe.ts';
import { addUnsubscribe } from './unsubscribe.ts';

/** Adds `/subscribe` (where new addresses are taken), `/confirm/TOKEN`, `/preferences/TOKEN` and `/unsubscribe/TOKEN`. */
export function addDoor(app: Hono, parts: DoorParts): void {
  const { signUps } = parts;
  if (signUps !== undefined) addSubscribe(app, { ...parts, signUps });
  addConfirm(app, parts);
  addPreferences(app, parts);
  addUnsubscribe(app, parts);
}
