// What the doctor finds: each check with what was seen, and where something is wrong, what mends it.

/** `good` nothing to do · `warning` it works, and may not for long, or not everywhere · `failure` it does not work. */
export interface Finding {
  check: string;
  level: 'good' | 'warning' | 'failure';
  said: string;
  /** One sentence; null where nothing has to be done. */
  fix: string | null;
}

export const good = (check: string, said: string): Finding => ({ check, level: 'good', said, fix: null });
export const warning = (check: string, said: string, fix: string): Finding => ({
  check,
  level: 'warning',
  said,
  fix,
});
export const failure = (check: string, said: string, fix: string): Finding => ({
  check,
  level: 'failure',
  said,
  fix,
});
