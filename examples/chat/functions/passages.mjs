// The document, cut into passages, and the ones that are about a question (Okapi BM25). A model is given these instead of two hundred pages: the answer
// comes sooner and costs less.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const lengthMax = 1200; // characters of a passage, as far as paragraphs allow
const [k1, b] = [1.2, 0.75];

// A heading is a line that the next one underlines; paragraphs have an empty line between them.
export function passagesOf(text) {
  const passages = [];
  let section = '';
  for (const paragraph of text.split(/\n{2,}/)) {
    const { heading, rest } = /^(?<heading>.+)\n(?<line>[*=~^-])\k<line>{3,}\n?(?<rest>[^]*)$/.exec(paragraph)?.groups ?? {};
    if (heading) section = heading;
    const body = unwrapped(heading ? rest : paragraph);
    const last = passages.at(-1);
    if (last?.section === section && last.text.length + body.length < lengthMax) last.text += `\n\n${body}`;
    else if (body) passages.push({ section, text: body });
  }
  return passages;
}

const wordsOf = (text) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.replace(/(?<=..)(e?s|ed|ing)$/, ''));

// Lines of prose and of list items are joined: whoever shows an answer breaks them where it has room. Indented text stays as it is.
const unwrapped = (text) => text.replace(text.startsWith('* ') ? /\n {2,}/g : /\n(?=\S)/g, ' ');

export class Index {
  #passages;
  #postings = new Map(); // word → [[passage, times]]
  #averageLength;

  constructor(text) {
    this.#passages = passagesOf(text);
    this.#passages.forEach((passage, at) => {
      const words = wordsOf(`${`${passage.section} `.repeat(3)}${passage.text}`); // a heading says more than a line
      passage.length = words.length;
      const times = new Map();
      for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
      for (const [word, n] of times) this.#postings.set(word, [...(this.#postings.get(word) ?? []), [at, n]]);
    });
    this.#averageLength = this.#passages.reduce((sum, { length }) => sum + length, 0) / this.#passages.length;
  }

  // The best passages, in the order of the document.
  about(question, count = 6) {
    const scores = new Map();
    for (const word of new Set(wordsOf(question))) {
      const postings = this.#postings.get(word) ?? [];
      const rarity = Math.log(1 + (this.#passages.length - postings.length + 0.5) / (postings.length + 0.5));
      for (const [at, n] of postings) {
        const length = this.#passages[at].length / this.#averageLength;
        scores.set(at, (scores.get(at) ?? 0) + (rarity * n * (k1 + 1)) / (n + k1 * (1 - b + b * length)));
      }
    }
    const best = [...scores].sort(([, x], [, y]) => y - x).slice(0, count);
    return best.map(([at]) => at).sort((x, y) => x - y).map((at) => this.#passages[at]);
  }
}

// What the function was deployed with, unless DOCUMENT names a file.
export const manual = () => new Index(gunzipSync(readFileSync(process.env.DOCUMENT ?? new URL('manual.txt.gz', import.meta.url))).toString());
