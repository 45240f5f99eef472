// `paperround papers note ID TEXT`: a curator's words that stand with the paper.
import { PaperroundError } from '../../errors.ts';
import type { Command } from '../context.ts';
import { answerTo, speak } from './desk.ts';

const note: Command<{ by?: string; undo?: boolean }, [string, string | undefined]> = (
  context,
  { by, undo = false },
  id,
  text,
) => {
  if (undo === (text !== undefined)) {
    throw new PaperroundError('usage', undo ? 'A note and --undo exclude each other' : 'There is no note', {
      hint: 'paperround papers note ID "TEXT", or paperround papers note ID --undo.',
    });
  }
  if (text === undefined) {
    return speak(context, id, { note: null }, ({ name, before }) =>
      before?.note ? `the note is gone: ${name}` : `it had no note: ${name}`,
    );
  }
  return speak(context, id, { note: text, by }, answered => {
    if (answered.now?.hidden) return `noted: ${answered.name}; but it is hidden: no edition takes it`;
    return answerTo('noted', answered, {
      known: 'the words stand with it in its edition',
      unknown: 'the words stand with it when it comes',
    });
  });
};
export default note;
