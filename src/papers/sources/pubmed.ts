// PubMed's articles, as E-utilities' efetch answers with retmode=xml (a PubmedArticleSet).
import type { Day } from '../../store/schema.ts';
import type { Candidate } from '../announce.ts';
import { doiIn } from './doi-search.ts';
import { all, first, readableText, textIn, type XmlElement } from './elements.ts';
import { cutAtSentence } from './feed-abstract.ts';
import { calendarDay, monthNamed } from './stamps.ts';

/**
 * The candidate of one `PubmedArticle` or `PubmedBookArticle`. Parts of a structured abstract keep their labels.
 * Its day is that of its electronic publication, else the one on which PubMed took it in (`entrez`).
 */
export function pubmedCandidate(entry: XmlElement, where: string): Candidate {
  const citation = down(entry, 'medlinecitation') ?? down(entry, 'bookdocument') ?? entry;
  const article = down(citation, 'article') ?? citation;
  const data = down(entry, 'pubmeddata') ?? down(entry, 'pubmedbookdata') ?? entry;
  const day = dayOfArticle(article, data);
  const pmid = textIn(citation, 'core', 'pmid');
  const work = doiOf(article, data);
  const book = down(article, 'book');
  return {
    where,
    title: prose(down(article, 'articletitle') ?? (book && down(book, 'booktitle'))),
    abstract: abstractOf(article),
    authors: authorsOf(article),
    id: work,
    url: /^\d{1,12}$/.test(pmid) ? `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` : undefined,
    facts: { doi: work, journal: prose(down(article, 'journal', 'title')) },
    format: 'feed',
    listedOn: day,
    announcedOn: day,
  };
}

function down(element: XmlElement, ...names: string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>((at, name) => at && first(at, 'core', name), element);
}

/** Titles and abstracts hold `<sup>`, `<i>` and formulas as elements. */
function prose(element: XmlElement | undefined): string {
  return element === undefined ? '' : readableText(element).replace(/\s+/g, ' ').trim();
}

function abstractOf(article: XmlElement): string {
  const abstract = down(article, 'abstract');
  if (abstract === undefined) return '';
  const parts = all(abstract, 'core', 'abstracttext').map(part => {
    const { label = '' } = part.attributes;
    const text = prose(part);
    return label === '' || text === '' || label === 'UNLABELLED' ? text : `${label}: ${text}`;
  });
  return cutAtSentence(parts.filter(text => text !== '').join(' '));
}

function authorsOf(article: XmlElement): string[] {
  const list = down(article, 'authorlist');
  if (list === undefined) return [];
  return all(list, 'core', 'author').map(author => {
    const given = textIn(author, 'core', 'forename') || textIn(author, 'core', 'initials');
    const names = [given, textIn(author, 'core', 'lastname'), textIn(author, 'core', 'suffix')];
    return names.filter(name => name !== '').join(' ') || prose(down(author, 'collectivename'));
  });
}

/** An article's own DOI: those of its references stand deeper. */
function doiOf(article: XmlElement, data: XmlElement): string | undefined {
  const places = all(article, 'core', 'elocationid').filter(one => one.attributes.eidtype === 'doi');
  const list = down(data, 'articleidlist') ?? down(article, 'articleidlist');
  const ids =
    list === undefined ? [] : all(list, 'core', 'articleid').filter(id => id.attributes.idtype === 'doi');
  return [...places, ...ids].map(one => doiIn(prose(one))).find(one => one !== undefined);
}

function dayOfArticle(article: XmlElement, data: XmlElement): Day | null {
  const published = all(article, 'core', 'articledate').filter(
    date => date.attributes.datetype === 'Electronic',
  );
  const history = down(data, 'history');
  const taken = history === undefined ? [] : all(history, 'core', 'pubmedpubdate');
  const dates = [...published, ...taken.filter(date => date.attributes.pubstatus === 'entrez')];
  return dates.map(dayOfDate).find(day => day !== null) ?? null;
}

function dayOfDate(date: XmlElement): Day | null {
  const month = textIn(date, 'core', 'month');
  const number = /^\d{1,2}$/.test(month) ? Number(month) : monthNamed(month);
  return calendarDay(textIn(date, 'core', 'year'), number, textIn(date, 'core', 'day'));
}
