// Answers a question: asks a model on Amazon Bedrock, with the passages of the document that are about it, and relays what it says as it says it.
import { setInterval } from 'node:timers/promises';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { manual } from './passages.mjs';
import { Relay } from './relay.mjs';
import { changeTurn } from './turns.mjs';

const checkpointMs = 500; // the most that a stop takes, or a page that came back waits
const modelId = process.env.MODEL_ID ?? 'amazon.nova-lite-v1:0';
const instructions =
  'You answer questions about the Debian Policy Manual, from the passages that come with each question. Be brief, quote what matters, and say so ' +
  'when the passages do not answer it.';

const bedrock = new BedrockRuntimeClient({});
const index = manual();

export async function answer(turn, { conversationId, connection, earlier }) {
  const passages = index.about(turn.question);
  const sources = [...new Set(passages.map(({ section }) => section))];
  const relay = new Relay(connection, { conversationId, ...turn });
  const stopping = new AbortController();
  const checkpoint = async (outcome) => {
    const now = await changeTurn(turn, { answer: relay.text, writtenAt: Date.now(), ...outcome });
    if (now?.isToStop) stopping.abort();
    if (now) relay.follow(now.follower);
  };

  const over = new AbortController();
  const checkpoints = repeat(checkpoint, over.signal);
  const outcome = await converse(turn.question, { passages, earlier, relay, signal: stopping.signal });
  over.abort();
  await checkpoints;
  await checkpoint({ ...outcome, sources });
  const { status, code, error } = outcome;
  await relay.end(status === 'failed' ? { type: 'error', code, message: error } : { type: 'done', status, sources });
}

async function repeat(checkpoint, signal) {
  try {
    for await (const _ of setInterval(checkpointMs, undefined, { signal })) await checkpoint().catch(console.error);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function converse(question, { passages, earlier, relay, signal }) {
  const bytes = Buffer.from(passages.map(({ section, text }) => `${section}\n\n${text}`).join('\n\n'));
  const document = { name: 'Debian Policy Manual', format: 'txt', source: { bytes } };
  const messages = [...earlier.filter((turn) => turn.answer).flatMap(asMessages), { role: 'user', content: [{ document }, { text: question }] }];
  const input = { modelId, system: [{ text: instructions }], messages, inferenceConfig: { maxTokens: 500 } };
  let status = 'done';
  try {
    const { stream } = await bedrock.send(new ConverseStreamCommand(input), { abortSignal: signal });
    for await (const { contentBlockDelta, messageStop } of stream) {
      if (signal.aborted) break;
      if (contentBlockDelta?.delta.text) relay.write(contentBlockDelta.delta.text);
      if (messageStop?.stopReason === 'max_tokens') status = 'cut';
    }
  } catch (error) {
    if (!signal.aborted) return failure(error);
  }
  return { status: signal.aborted ? 'stopped' : status };
}

const asMessages = ({ question, answer }) => [
  { role: 'user', content: [{ text: question }] },
  { role: 'assistant', content: [{ text: answer }] },
];

const failures = {
  ThrottlingException: ['throttled', 'The model has too much to do at the moment. Ask again in a minute.'],
  ServiceUnavailableException: ['unavailable', 'The model cannot be reached at the moment. Ask again later.'],
  ModelNotReadyException: ['unavailable', 'The model is still being loaded. Ask again in a minute.'],
  ModelTimeoutException: ['unavailable', 'The model took too long. Ask again.'],
};

function failure(exception) {
  console.error(exception);
  const [code, error] = failures[exception.name] ?? ['failed', 'The answer failed. The log of the function says why.'];
  return { status: 'failed', code, error };
}
