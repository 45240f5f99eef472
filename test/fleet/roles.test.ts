// What a process of `serve` may be, and what it is told when that cannot be.
import { describe, expect, it } from 'vitest';
import { checkRoles, ROLES, readRoles } from '../../src/fleet/roles.ts';

describe('the roles of a process', () => {
  it.each([
    [undefined, ['scheduler', 'worker', 'web']],
    ['worker', ['worker']],
    ['web, scheduler', ['web', 'scheduler']],
    ['web,web', ['web']],
  ])('--role %s are %j', (text, roles) => {
    expect([...readRoles(text)]).toEqual(roles);
  });

  it.each(['', 'worker,', 'workers', 'worker web', 'Worker'])(
    '--role "%s" is refused, with all that there are',
    text => {
      const refused = () => readRoles(text);
      expect(refused).toThrow(/there is no role/);
      expect(refused).toThrow(
        expect.objectContaining({ code: 'usage', hint: expect.stringContaining(ROLES.join(', ')) }),
      );
    },
  );

  it('that need another process need a database that it can share', () => {
    for (const alone of ['scheduler', 'worker', 'scheduler,web', 'worker,web']) {
      expect(() => checkRoles(readRoles(alone), false)).toThrow(/needs PostgreSQL/);
      expect(() => checkRoles(readRoles(alone), true)).not.toThrow();
    }
    for (const whole of [undefined, 'web', 'scheduler,worker'])
      expect(() => checkRoles(readRoles(whole), false)).not.toThrow();
  });
});
