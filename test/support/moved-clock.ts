// Loaded into a real process by `node --import`: its clock is the machine's, moved by what the file MOVED_CLOCK says.
import { readFileSync } from 'node:fs';

const file = process.env.MOVED_CLOCK;
const real = Temporal.Now.instant;

/** Read at each call, so that the clock can jump while the process runs. */
const moved = () => real().add({ milliseconds: Number(readFileSync(file as string, 'utf8')) });

if (file !== undefined) Object.defineProperty(Temporal.Now, 'instant', { value: moved });
