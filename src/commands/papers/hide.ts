// `paperround papers hide ID`: no edition takes the paper.
import type { Command } from '../context.ts';
import { answerTo, speak } from './desk.ts';

const hide: Command<{ undo?: boolean }, [string]> = (context, { undo }, id) => {
  if (undo) {
    return speak(context, id, { hidden: false }, ({ name, before }) =>
      before?.hidden ? `no longer hidden: ${name}` : `it was not hidden: ${name}`,
    );
  }
  return speak(context, id, { hidden: true }, answered =>
    answerTo('hidden', answered, {
      known: 'no edition takes it',
      unknown: 'no edition takes it when it comes',
    }),
  );
};
export default hide;
