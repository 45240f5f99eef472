// `node bench/themes/sections.ts FOLDER [DATE…]`: prints the sections of the page of the samples and of days that Hugging
// Face listed, as an edition would lay them out with the model that ships, to be read by eye (docs/quality.md).
import { group } from '../../src/themes/group.ts';
import { type PaperText, priorModel } from '../../src/themes/model/model.ts';
import { readData, readPage } from './data.ts';

const [folder, ...dates] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node bench/themes/sections.ts FOLDER [DATE…]');
const { themes, listed } = await readData(folder);
const model = priorModel(themes);

function show(title: string, papers: readonly PaperText[]): void {
  console.log(`\n# ${title}: ${papers.length} papers`);
  for (const { name, papers: own, strays } of group(papers, themes, model)) {
    console.log(`\n## ${name} (${own.length})`);
    for (const paper of own) {
      const stray = strays.get(paper);
      console.log(`- ${paper.title}${stray === undefined ? '' : ` [${stray.name}]`}`);
    }
  }
}

show('samples/daily-papers-page.txt', await readPage());
const chosen =
  dates.length > 0 ? dates : ['2026-03-03', '2026-03-11', '2026-03-19', '2026-03-31', '2026-06-12'];
for (const date of chosen) show(date, listed.get(date) ?? []);
