// `paperround papers pick ID`: the paper leads the next edition, with a note and the curator's name.
import type { Command } from '../context.ts';
import { answerTo, speak } from './desk.ts';

interface Options {
  note?: string;
  by?: string;
  undo?: boolean;
}

const pick: Command<Options, [string]> = (context, { note, by, undo }, id) => {
  if (undo) {
    return speak(context, id, { picked: false }, ({ name, before, now, paperId }) => {
      if (!before?.picked) return `it was not picked: ${name}`;
      const rest = now?.note ? `; its note stays (or: paperround papers note ${paperId} --undo)` : '';
      return `no longer picked: ${name}${rest}`;
    });
  }
  const word = { picked: true, by, ...(note === undefined ? {} : { note }) };
  return speak(context, id, word, answered =>
    answerTo('picked', answered, {
      known: 'it leads the next edition',
      unknown: `it leads an edition when it comes (or add it: paperround papers add ${answered.paperId})`,
    }),
  );
};
export default pick;
