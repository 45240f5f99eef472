// Who was erased after they complained, or after their mailbox was gone: known by a keyed hash, so that nobody mails them again.
import { createHmac } from 'node:crypto';
import type { Db } from '../store/schema.ts';
import type { Keys } from './links.ts';

/** Under what an erased address that stays suppressed is kept: one for each secret that there was. */
export function erasedKeys({ secret, oldSecrets = [] }: Keys, key: string): [string, ...string[]] {
  const hash = (by: string) =>
    `erased:${createHmac('sha256', by).update(`erased\0${key}`).digest('base64url')}`;
  return [hash(secret), ...oldSecrets.map(hash)];
}

/** Tells of an address's key whether it is one of them. */
export async function erasedAndSuppressed(db: Db, keys: Keys): Promise<(key: string) => boolean> {
  const rows = await db
    .selectFrom('subscriber')
    .select('address_key')
    .where('erased_at', 'is not', null)
    .where('status', '=', 'suppressed')
    .execute();
  const known = new Set(rows.map(({ address_key }) => address_key));
  return key => known.size > 0 && erasedKeys(keys, key).some(erased => known.has(erased));
}
