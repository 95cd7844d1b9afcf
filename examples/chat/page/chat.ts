// The page: a conversation by a WebSocket, which comes back when it drops and goes on where it was.
import { Connection, type State } from './connection';
import type { Message, Turn } from './messages';
import { TurnView } from './turn_view';

const find = <Kind extends HTMLElement>(selector: string) => document.querySelector<Kind>(selector)!;
const [stateLine, welcome, suggestions, turnList, problem, announcement] = [
  find('#state'), find('#welcome'), find('#suggestions'), find('#turns'), find('#problem'), find('#announcement'),
];
const [askButton, stopButton, newButton] = [find<HTMLButtonElement>('#ask'), find<HTMLButtonElement>('#stop'), find<HTMLButtonElement>('#new')];
const [composer, questionField] = [find<HTMLFormElement>('#composer'), find<HTMLTextAreaElement>('#question')];
const [signin, tokenField] = [find<HTMLFormElement>('#signin'), find<HTMLInputElement>('#token')];

let connection: Connection;
let conversationId = localStorage.getItem('conversation') ?? newConversation();
let turns = new Map<string, TurnView>();
let heardAt = 0; // by performance.now()
let connections = 0; // that were open so far

function newConversation() {
  const id = crypto.randomUUID();
  localStorage.setItem('conversation', id);
  return id;
}

// --- the connection

const states: Record<State, string> = {
  connecting: 'Connecting…',
  open: 'Connected',
  waiting: 'The connection is lost. Trying again…',
  refused: 'Not connected',
};

async function connect() {
  const token = sessionStorage.getItem('token');
  if (!token) return askForToken('A token is needed to connect.');
  const settings = await fetch('settings.json').catch(() => undefined);
  if (!settings?.ok) return tell('The server cannot be reached. Load this page again later.');
  const { url } = await settings.json();
  connection = new Connection(`${url}?token=${encodeURIComponent(token)}`);
  connection.onmessage = take;
  connection.onstate = (state, closed) => {
    show(state);
    if (state === 'open') {
      ++connections;
      askForHistory();
    }
    if (state === 'refused') askForToken('The server refused the connection. The token may be wrong, or its time over.');
    if (closed?.code === 1009) tell('The message was too long for the server.');
  };
  connection.open();
}

function show(state: State) {
  stateLine.dataset.state = state;
  stateLine.textContent = states[state];
  update();
}

function askForToken(why: string) {
  signin.hidden = false;
  show('refused');
  tell(why);
  tokenField.focus();
}

signin.addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('token', tokenField.value.trim());
  tokenField.value = '';
  signin.hidden = true;
  tell();
  connect();
});

// --- messages

function take(message: Message) {
  heardAt = performance.now();
  if (message.type === undefined) return takeGatewayError(message.message);
  if (message.conversationId !== undefined && message.conversationId !== conversationId) return;
  if (message.type === 'history') return takeHistory(message.turns);
  const turn = message.id === undefined ? undefined : turns.get(message.id);
  if (message.type === 'error') return turn ? end(turn, 'failed', { error: message.message }) : tell(message.message);
  if (!turn) return;

  if (message.type !== 'start') {
    if (turn.seq === undefined) return; // all of this is in the "start" that is to come
    if (message.seq !== turn.seq + 1) return loseTrack(turn);
  }
  turn.seq = message.seq;
  keepingTheEnd(() => {
    if (message.type === 'start') turn.text = message.text;
    if (message.type === 'delta') turn.add(message.text);
    if (message.type === 'done') end(turn, message.status, message);
  });
}

function loseTrack(turn: TurnView) {
  turn.seq = undefined;
  askForHistory();
}

const askForHistory = () => void connection.send({ action: 'history', conversationId });

// An answer about which nothing is heard may have ended with its function, which then says nothing more.
setInterval(() => isAnswering() && performance.now() - heardAt > 12_000 && askForHistory(), 5_000);

// The function goes on when API Gateway has waited 29 s for it; whatever else it says is said.
function takeGatewayError(text: string) {
  if (text === 'Endpoint request timed out') return;
  tell(`The server could not do that: ${text}`);
  for (const turn of turns.values()) if (turn.status === 'answering') end(turn, 'failed', { error: 'The answer failed.' });
}

function takeHistory(told: Turn[]) {
  const views = new Map<string, TurnView>();
  for (const { id, question, answer, status, ...more } of told) {
    const view = new TurnView(question);
    view.text = answer;
    if (status !== 'answering') view.end(status, more);
    views.set(id, view);
  }
  for (const [id, view] of turns) {
    if (views.has(id)) continue;
    if (view.askedBy === connections) views.set(id, view); // the history was on its way when this was asked
    else if (view.askedBy !== undefined) takeBack(view.question);
  }
  keepingTheEnd(() => {
    turns = views;
    turnList.replaceChildren(...[...views.values()].map(({ element }) => element));
  });
  update();
}

function takeBack(question: string) {
  questionField.value ||= question;
  tell('The connection was lost before your question arrived. It is in the box again.');
}

function end(turn: TurnView, status: Turn['status'], more: { error?: string; sources?: string[] }) {
  turn.end(status, more);
  announcement.textContent = more.error ?? turn.text; // once, when it is whole: not token by token
  update();
}

// --- what the user does

function ask(text: string) {
  const id = crypto.randomUUID();
  if (!connection.send({ action: 'ask', conversationId, id, text })) return;
  tell();
  const turn = new TurnView(text, connections);
  turns.set(id, turn);
  turnList.append(turn.element);
  questionField.value = '';
  announcement.textContent = 'The answer is being written.';
  update();
  scrollTo({ top: document.body.scrollHeight });
}

const isAnswering = () => [...turns.values()].some(({ status }) => status === 'answering');

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = questionField.value.trim();
  if (text && !askButton.disabled && !isAnswering()) ask(text);
});

questionField.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

function stop() {
  if (!isAnswering() || !connection.send({ action: 'stop', conversationId })) return;
  stopButton.disabled = true;
  stopButton.textContent = 'Stopping…';
}

stopButton.addEventListener('click', stop);
addEventListener('keydown', ({ key }) => key === 'Escape' && stop());

newButton.addEventListener('click', () => {
  stop();
  conversationId = newConversation();
  turns.clear();
  takeHistory([]);
  tell();
  questionField.focus();
});

suggestions.addEventListener('click', ({ target }) => {
  if (target instanceof HTMLButtonElement) ask(target.textContent!);
});

// --- what is shown

function update() {
  const isOpen = stateLine.dataset.state === 'open';
  const isBusy = isAnswering();
  const hadFocus = document.activeElement === stopButton || document.activeElement === askButton;
  welcome.hidden = turns.size > 0;
  composer.hidden = !signin.hidden;
  for (const button of [askButton, ...suggestions.querySelectorAll('button')]) button.disabled = !isOpen;
  askButton.hidden = isBusy;
  stopButton.hidden = !isBusy;
  if (!isBusy || !isOpen) {
    stopButton.disabled = !isOpen;
    stopButton.textContent = 'Stop';
  }
  if (hadFocus) (isBusy ? stopButton : questionField).focus();
}

// Without words: there is no problem any more.
function tell(text = '') {
  problem.hidden = !text;
  problem.querySelector('p')!.textContent = text;
}

// Changes the page; who has read to its end stays there.
function keepingTheEnd(change: () => void) {
  const isAtEnd = innerHeight + scrollY >= document.body.scrollHeight - 40;
  change();
  if (isAtEnd && turns.size > 0) scrollTo({ top: document.body.scrollHeight });
}

// The token comes behind the address's #, which no server is sent; it does not stay there for others to see.
const given = new URLSearchParams(location.hash.slice(1)).get('token');
if (given) {
  sessionStorage.setItem('token', given);
  history.replaceState(null, '', location.pathname);
}
connect();
questionField.focus();
