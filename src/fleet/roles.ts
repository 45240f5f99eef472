// The parts of `serve` that a process can take: whoever has them all is an installation by itself.
import { PaperroundError } from '../errors.ts';

/**
 * `scheduler` says when there is something to do, and takes in bounces; `worker` does it: collects, publishes, plans,
 * delivers; `web` answers to readers and to webhooks.
 */
export const ROLES = ['scheduler', 'worker', 'web'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Reads `--role scheduler,worker`; undefined: all roles.
 * @throws PaperroundError `usage` for a role that there is not
 */
export function readRoles(text: string | undefined): ReadonlySet<Role> {
  if (text === undefined) return new Set(ROLES);
  const names = text.split(',').map(name => name.trim());
  const roles = names.filter((name): name is Role => (ROLES as readonly string[]).includes(name));
  if (roles.length === names.length) return new Set(roles);
  const unknown = names.filter(name => !(ROLES as readonly string[]).includes(name));
  throw new PaperroundError('usage', `--role: there is no role ${unknown.map(n => `"${n}"`).join(', ')}`, {
    hint: `Allowed: one or more of ${ROLES.join(', ')}, with commas between them. Without --role: all of them.`,
  });
}

/**
 * A file has no queue by which processes could hand work to each other, so who schedules must do the work.
 * @throws PaperroundError `config` where the roles of this process need another one, and the database is a file
 */
export function checkRoles(roles: ReadonlySet<Role>, isOnServer: boolean): void {
  if (isOnServer || roles.has('scheduler') === roles.has('worker')) return;
  const [has, lacks] = roles.has('worker') ? ['worker', 'scheduler'] : ['scheduler', 'worker'];
  throw new PaperroundError(
    'config',
    `A ${has} without a ${lacks} needs PostgreSQL; this database is a file`,
    {
      hint: `Give this process both roles (--role scheduler,worker), or set DATABASE_URL=postgres://…, which any number of processes can share.`,
    },
  );
}
