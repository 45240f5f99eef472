// `paperround doctor`: looks at everything that a morning needs; exit status 1 when something does not work.
import { examine } from '../doctor/doctor.ts';
import type { Finding } from '../doctor/finding.ts';
import { failureOf } from '../doctor/machine.ts';
import type { Command } from './context.ts';
import { counted, styled, table } from './terminal.ts';

const COLOURS = { good: 'green', warning: 'yellow', failure: 'red' } as const;

const doctor: Command<{ dns?: string; ip?: string[] }> = async (
  { terminal, config, app },
  { dns, ip = [] },
) => {
  const findings = await config().then(
    ({ settings }) => examine(settings, app, { dns, ips: ip }),
    error => [
      failureOf(
        'configuration',
        error,
        'Set what is allowed there; docs/operating.md has the table of settings.',
      ),
    ],
  );
  const of = (level: Finding['level']) => findings.filter(finding => finding.level === level).length;
  const rows = table(findings.map(({ level, check, said }) => [level, check, said]));
  terminal.result({ good: of('failure') === 0, findings }, [
    ...findings.flatMap(({ level, fix }, n) => [
      (rows[n] ?? '').replace(level, styled(COLOURS[level], level)),
      ...(fix === null ? [] : [`         → ${fix}`]),
    ]),
    `${counted(of('failure'), 'failure')}, ${counted(of('warning'), 'warning')}.`,
  ]);
  return of('failure') === 0 ? 0 : 1;
};
export default doctor;
