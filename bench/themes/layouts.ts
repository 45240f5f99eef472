// Whole days: how well the sections of an edition agree with what its papers are about.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { group } from '../../src/themes/group.ts';
import { adjustedMutualInformation, adjustedRand, interval } from '../../src/themes/metrics.ts';
import type { PaperLine } from '../../src/themes/papers-file.ts';
import { type Contender, chance, fittedBy, KEYWORDS, SHIPPED } from './contenders.ts';
import { type BenchData, readPage } from './data.ts';
import { type Aim, between, figure, head, mean, type Part, row, tell } from './tables.ts';

type Days = Record<string, { lab: string; days: string[][] }>;

function contendersOf(data: BenchData): Contender[] {
  const { withArchive } = fittedBy(data);
  return [KEYWORDS, SHIPPED, withArchive(3_000), withArchive(data.archive.length)];
}

export async function randomDays(data: BenchData): Promise<Part> {
  const sets = JSON.parse(await readFile(join(data.folder, 'themes/days.dev.json'), 'utf8')) as Days;
  const byId = new Map(data.iclr.map(paper => [String(paper.id), paper]));
  const contenders = contendersOf(data);
  const lines = [
    '### Random days of 30, 60 and 100 papers, laid out as an edition lays them out',
    '',
    ...head('days', 'sections by', 'AMI (95 %)', 'ARI', 'sections a day'),
  ];
  const aims: Aim[] = [];
  for (const [set, { lab, days }] of Object.entries(sets)) {
    const themes = lab === 'area' ? data.areas : data.themes;
    const all = days.map(day => day.flatMap(id => byId.get(id) ?? []));
    const label = (paper: PaperLine) => paper.fields[lab];
    for (const { name, model } of [chance(), ...contenders]) {
      tell(`days: ${set}, ${name}`);
      const used = model(themes);
      const scored = all.map(day => agreement(group(day, themes, used), day, label));
      const amis = scored.map(({ ami }) => ami);
      if (set === 'dev-topical' && name === SHIPPED.name)
        aims.push({ what: 'random days of subjects: AMI', aim: 0.35, now: mean(amis) });
      lines.push(
        row(
          set,
          name,
          `${figure(mean(amis))} (${between(interval(amis, mean))})`,
          figure(mean(scored.map(({ ari }) => ari))),
          mean(scored.map(({ sections }) => sections)).toFixed(1),
        ),
      );
    }
  }
  return { lines, aims };
}

function agreement<P>(sections: readonly { papers: P[] }[], all: readonly P[], label: (paper: P) => unknown) {
  const places = new Map(sections.flatMap((section, place) => section.papers.map(paper => [paper, place])));
  const [found, wanted] = [all.map(paper => places.get(paper)), all.map(label)];
  return {
    ami: adjustedMutualInformation(found, wanted),
    ari: adjustedRand(found, wanted),
    sections: sections.length,
  };
}

export async function narrowDay(data: BenchData): Promise<Part> {
  const day = await readPage();
  const lines = [
    `### A day about one subject: the ${day.length} papers of samples/daily-papers-page.txt, against a grouping by hand`,
    '',
    ...head('', 'AMI', 'ARI', 'sections'),
  ];
  const aims: Aim[] = [];
  let sections: string[] = [];
  for (const { name, model } of contendersOf(data)) {
    tell(`one subject: ${name}`);
    const groups = group(day, data.themes, model(data.themes));
    const { ami, ari } = agreement(groups, day, paper => paper.group);
    lines.push(row(name, figure(ami), figure(ari), groups.length));
    if (name !== SHIPPED.name) continue;
    sections = groups.map(({ name: title, papers: own }) => `${title} (${own.length})`);
    aims.push({ what: 'a day about one subject: AMI', aim: 0.68, now: ami });
  }
  lines.push('', `Its sections, with the model that ships: ${sections.join(' · ')}.`);
  return { lines, aims };
}
