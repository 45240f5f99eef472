// Which database the installations of a test file have: a file in their folder, unless the project of the tests says otherwise.
import { resolve } from 'node:path';

let make: (() => Promise<string>) | undefined;
const made = new Map<string, Promise<string>>();

/** From now on each folder has a database at the URL that `maker` gives; the same one however often it is opened. */
export function storesAre(maker: () => Promise<string>): void {
  make = maker;
}

/** Whether they are on a server, where a database costs more than a file. */
export const storesAreOnServer = () => make !== undefined;

/** The setting that names the database of the installation in a folder; none: the one that everybody has. */
export async function storeOf(folder: string): Promise<{ databaseUrl?: string }> {
  if (make === undefined) return {};
  const place = resolve(folder);
  const url = made.get(place) ?? make();
  made.set(place, url);
  return { databaseUrl: await url };
}
