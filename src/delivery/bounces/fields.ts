// Groups of "Name: value" lines, as the machine-readable parts of reports have them (RFC 3464 §2.1, RFC 5965 §3).

/** One group of fields: lower-case names, each with its values in order. */
export type Fields = Map<string, string[]>;

/** The groups of a text, parted by empty lines; a line that begins with a blank goes on with the one before. */
export function fieldGroups(text: string): Fields[] {
  const groups: Fields[] = [];
  let group: Fields | undefined;
  let name: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.trim() === '') {
      group = undefined;
      name = undefined;
    } else if (/^[ \t]/.test(line)) {
      append(group, name, line.trim());
    } else {
      const colon = line.indexOf(':');
      if (colon < 1) continue;
      if (group === undefined) {
        group = new Map();
        groups.push(group);
      }
      name = line.slice(0, colon).trim().toLowerCase();
      group.set(name, [...(group.get(name)?.slice(-MOST + 1) ?? []), line.slice(colon + 1).trim()]);
    }
  }
  return groups;
}

/** Of one field in one group; a report that repeats a field ten thousand times says no more than this. */
const MOST = 20;
const LONGEST = 4000;

function append(group: Fields | undefined, name: string | undefined, more: string): void {
  const values = name === undefined ? undefined : group?.get(name);
  const last = values?.at(-1);
  if (values === undefined || last === undefined || last.length > LONGEST) return;
  values[values.length - 1] = `${last} ${more}`;
}

/** The first value of a field, or ''. */
export const first = (fields: Fields, name: string): string => fields.get(name)?.[0] ?? '';

/** The value behind the type of a field such as `rfc822; ada@example.org` or `smtp; 550 …` (RFC 3464 §2.1.2). */
export const untyped = (value: string): string => {
  const semicolon = value.indexOf(';');
  return value.slice(semicolon + 1).trim();
};

/** The bare address in a field's value, which may stand in angle brackets; null where there is none. */
export function addressIn(value: string): string | null {
  const bare = untyped(value)
    .slice(0, 500)
    .replace(/^.*?<|>.*$/gs, '')
    .trim();
  return bare.includes('@') && !/\s/.test(bare) ? bare : null;
}
