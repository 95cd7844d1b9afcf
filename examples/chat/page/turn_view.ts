// TurnView: a question and its answer on the page. What the model says is text, and is only ever put there as text.
import type { Turn } from './messages';

const notes: Partial<Record<Turn['status'], string>> = { stopped: 'Stopped.', cut: 'The answer was too long and ends here.' };

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string, ...children: (Node | string)[]) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

export class TurnView {
  readonly element = element('li', 'turn');
  status: Turn['status'] = 'answering';
  seq?: number; // of the last message of the answer; undefined: a "start" is to come
  #answer = element('p', 'answer');

  // `askedBy`: the connection that the question was asked by, where it was asked on this page.
  constructor(
    readonly question: string,
    readonly askedBy?: number,
  ) {
    this.element.append(element('p', 'question', element('span', 'unseen', 'You asked: '), question), this.#answer);
    this.element.ariaBusy = 'true';
  }

  get text() {
    return this.#answer.textContent ?? '';
  }

  set text(text: string) {
    this.#answer.textContent = text;
  }

  add(text: string) {
    this.#answer.append(text);
  }

  end(status: Turn['status'], { error, sources = [] }: { error?: string; sources?: string[] } = {}) {
    this.status = status;
    this.element.ariaBusy = 'false';
    const note = error ?? notes[status];
    if (note) this.element.append(this.#note(note, status));
    if (sources.length > 0 && this.text) this.element.append(this.#sources(sources));
  }

  #note(text: string, status: Turn['status']) {
    const note = element('p', 'note', text);
    note.dataset.kind = status;
    return note;
  }

  #sources(sources: string[]) {
    const list = element('ul', '', ...sources.map((source) => element('li', '', source)));
    return element('details', '', element('summary', '', 'Sections the model was given'), list);
  }
}
