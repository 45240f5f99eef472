// The pieces of work that the queue hands to workers.
import { z } from 'zod';

const day = z.iso.date();

/** `morning`: the job of a day. `plan`: who is due now. `deliver`: a share of what can be claimed of an edition. */
export const Task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('morning'), day }),
  z.object({ kind: z.literal('plan'), day }),
  z.object({ kind: z.literal('deliver'), edition: day, share: z.int() }),
]);
export type Task = z.infer<typeof Task>;
export const KINDS = ['morning', 'plan', 'deliver'] as const satisfies readonly Task['kind'][];

/** The same for tasks of which one that waits is enough. */
export const keyOf = (task: Task): string => Object.values(task).join(' ');
