// What the page can ask for: "ask" begins a turn of a conversation, "stop" ends its answer early, "history" shows what was said, and lets an answer that
// is under way go on by the connection that asked.
import { answer } from './answer.mjs';
import { send } from './connections.mjs';
import { Refusal } from './refusal.mjs';
import { beginTurn, changeTurn, latestTurns } from './turns.mjs';

const questionLengthMax = 2000; // characters
const turnsRemembered = 6; // the model hears of these
const turnsShown = 50;
const historyLengthMax = 100_000; // characters: API Gateway carries messages of 128 KB

function checkId(name, id) {
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) throw new Refusal('bad_request', `${name} must be 1 to 64 letters, digits, "-" or "_".`);
}

const followerOf = ({ connectionId }) => ({ connectionId, since: Date.now() });

// The user is part of the key, so that nobody reads another's.
function conversationOf({ user }, { conversationId }) {
  if (!user) throw new Error('no authorizer has let this connection in');
  checkId('conversationId', conversationId);
  return `${user}/${conversationId}`;
}

// {"action": "ask", "conversationId", "id", "text"}: the page chooses the id, and knows the turn by it.
export async function ask(connection, message) {
  const conversation = conversationOf(connection, message);
  const { conversationId, id, text } = message;
  checkId('id', id);
  if (typeof text !== 'string' || !text.trim()) throw new Refusal('bad_request', 'There is no question in it.');
  if (text.length > questionLengthMax) throw new Refusal('too_long', `A question has at most ${questionLengthMax} characters; this one has ${text.length}.`);
  const earlier = await latestTurns(conversation, turnsRemembered);
  if (earlier.at(-1)?.status === 'answering') throw new Refusal('busy', 'The question before this one is still being answered.');
  const turn = await beginTurn(conversation, { id, question: text, follower: followerOf(connection) });
  await answer(turn, { conversationId, connection, earlier });
}

// {"action": "stop", "conversationId"}: whoever answers sees it at the next checkpoint.
export async function stop(connection, message) {
  const [turn] = await latestTurns(conversationOf(connection, message), 1);
  if (turn?.status === 'answering') await changeTurn(turn, { isToStop: true });
}

const shown = ({ id, at, question, answer, status, error, sources }) => ({ id, at, question, answer, status, error, sources });

// {"action": "history", "conversationId"}
export async function history(connection, message) {
  const conversation = conversationOf(connection, message);
  for (;;) {
    const turns = (await latestTurns(conversation, turnsShown)).map(shown);
    while (JSON.stringify(turns).length > historyLengthMax) turns.shift();
    if (!(await send(connection, { type: 'history', conversationId: message.conversationId, turns }))) return;
    const last = turns.at(-1);
    if (last?.status !== 'answering') return;
    if (await changeTurn({ conversation, at: last.at }, { follower: followerOf(connection) })) return; // else it has ended meanwhile: show that
  }
}
