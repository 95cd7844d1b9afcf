// The chat's function (examples/chat) by itself: its handlers run here, on Outcrop's DynamoDB and Bedrock, and post to an @connections endpoint that
// the test has in its hand, so that connections can be gone, slow or replaced at a chosen moment.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { Outcrop } from '../support/outcrop.mjs';

const limits = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'outcrop-chat-'));
const secret = 'a secret of this test';
let server, dynamodb, documents, endpoint, handler, authorize, tokens;

// Stands for API Gateway's @connections: keeps what is posted to each connection, and wakes who waits for it.
class Endpoint {
  #pages = new Map();
  #server;

  async listen() {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
    execFileSync('openssl', [...kind, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    this.#server = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => this.#take(request, response));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.domainName = `127.0.0.1:${this.#server.address().port}`;
  }

  async #take(request, response) {
    const body = [];
    for await (const part of request) body.push(part);
    const page = this.#pages.get(decodeURIComponent(request.url.split('/').pop()));
    await page?.gate;
    if (!page || page.isGone) return response.writeHead(410, { 'x-amzn-errortype': 'GoneException' }).end('{}');
    page.take(JSON.parse(Buffer.concat(body)));
    response.end();
  }

  open(user = 'ada') {
    const page = new Page(`${Math.random().toString(36).slice(2)}=`, user, this.domainName);
    this.#pages.set(page.connectionId, page);
    return page;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

class Page {
  messages = [];
  isGone = false;
  gate = undefined; // a promise that posts wait for
  #wake = () => {};

  constructor(connectionId, user, domainName) {
    this.connectionId = connectionId;
    this.requestContext = { connectionId, domainName, stage: 'live', authorizer: { principalId: user } };
  }

  take(message) {
    this.messages.push(message);
    this.#wake();
  }

  event(routeKey, message) {
    return handler({ requestContext: { ...this.requestContext, routeKey }, body: message && JSON.stringify(message) });
  }

  ask(conversationId, id, text) {
    return this.event('ask', { action: 'ask', conversationId, id, text });
  }

  // The first message that is so, once it is there.
  async until(isSo) {
    for (;;) {
      const found = this.messages.find(isSo);
      if (found) return found;
      await new Promise((resolve) => (this.#wake = resolve));
    }
  }

  // The text of an answer as a page puts it together, with a look at its numbers.
  textOf(id) {
    let text, seq;
    for (const message of this.messages.filter((message) => message.id === id)) {
      if (message.type === 'start') [text, seq] = [message.text, message.seq];
      else assert.equal(message.seq, ++seq, 'a gap in the numbers');
      if (message.type === 'delta') text += message.text;
    }
    return text;
  }
}

before(async () => {
  const config = join(folder, 'outcrop.yaml');
  writeFileSync(config, 'models: [{match: "*", provider: embedded, tokens_per_second: 25}]\n');
  server = await Outcrop.start('--config', config);
  endpoint = new Endpoint();
  await endpoint.listen();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    NODE_TLS_REJECT_UNAUTHORIZED: '0', // the endpoint above is known to nobody
    CONNECTIONS_TABLE: 'connections',
    CONVERSATIONS_TABLE: 'conversations',
    DOCUMENT: '/usr/share/doc/debian-policy/policy.txt.gz',
    SECRET: secret,
  });
  dynamodb = new DynamoDBClient({});
  documents = DynamoDBDocumentClient.from(dynamodb);
  for (const [TableName, ...keys] of [['connections', 'connectionId'], ['conversations', 'conversation', 'at']]) {
    const AttributeDefinitions = keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
    const KeySchema = keys.map((AttributeName, at) => ({ AttributeName, KeyType: at ? 'RANGE' : 'HASH' }));
    await dynamodb.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' }));
  }
  ({ handler } = await import('../../examples/chat/functions/index.mjs'));
  ({ handler: authorize } = await import('../../examples/chat/functions/authorizer.mjs'));
  tokens = await import('../../examples/chat/functions/tokens.mjs');
});
after(async () => {
  endpoint.close();
  dynamodb.destroy();
  rmSync(folder, { recursive: true });
  assert.equal(await server.stop(), 0, server.log);
});

const registered = async ({ connectionId }) => (await documents.send(new GetCommand({ TableName: 'connections', Key: { connectionId } }))).Item;
const keep = (turn) => documents.send(new PutCommand({ TableName: 'conversations', Item: turn }));

async function kept(conversation) {
  const condition = { KeyConditionExpression: 'conversation = :c', ExpressionAttributeValues: { ':c': conversation } };
  return (await documents.send(new QueryCommand({ TableName: 'conversations', ...condition }))).Items;
}

test('a token lets its user in, until its time is over or somebody changes it', limits, async () => {
  const given = (token) => authorize({ methodArn: 'arn:aws:execute-api:us-east-1:000000000000:a/live/$connect', queryStringParameters: token && { token } });
  const token = tokens.tokenFor('ada', secret);
  const policy = await given(token);
  assert.equal(policy.principalId, 'ada');
  assert.equal(policy.policyDocument.Statement[0].Effect, 'Allow');
  for (const wrong of [undefined, '', 'ada', token.replace('ada', 'bob'), tokens.tokenFor('ada', 'another secret'), tokens.tokenFor('ada', secret, -1)])
    await assert.rejects(given(wrong), { message: 'Unauthorized' });
});

test('a connection is in the table while it is open, with a time to live', limits, async () => {
  const page = endpoint.open();
  await page.event('$connect');
  const record = await registered(page);
  assert.equal(record.user, 'ada');
  assert.ok(record.expiresAt > Date.now() / 1000 + 2 * 3600);
  await page.event('$disconnect');
  assert.equal(await registered(page), undefined);
});

test('an answer comes from the document, piece by piece and in order, and is kept', limits, async () => {
  const page = endpoint.open();
  await page.ask('c1', 'q1', 'When was this manual first written, and by whom?');
  const done = page.messages.at(-1);
  assert.deepEqual([done.type, done.status, done.conversationId, done.id], ['done', 'done', 'c1', 'q1']);
  assert.match(page.textOf('q1'), /initially written in 1996 by Ian Jackson/);
  assert.ok(done.sources.includes('1.3.1. Early history'));
  assert.ok(page.messages.filter(({ type }) => type === 'delta').length > 2);
  const [turn] = await kept('ada/c1');
  assert.equal(turn.answer, page.textOf('q1'));
  assert.equal(turn.status, 'done');
  assert.ok(turn.expiresAt > Date.now() / 1000);
});

test('what comes while a post is under way goes with the next one', limits, async () => {
  const page = endpoint.open();
  let open;
  page.gate = new Promise((resolve) => (open = resolve));
  const asked = page.ask('c-slow', 'q1', 'When is a package essential?');
  const written = async () => (await kept('ada/c-slow'))[0]?.answer.length ?? 0;
  while ((await written()) < 200);
  open();
  await asked;
  assert.equal(page.messages[0].text, '');
  assert.ok(page.messages[1].text.length > 200);
  assert.equal(page.textOf('q1'), (await kept('ada/c-slow'))[0].answer);
});

test('stop ends an answer early', limits, async () => {
  const page = endpoint.open();
  const asked = page.ask('c2', 'q1', 'When is a package essential?');
  await page.until(({ type }) => type === 'delta');
  await endpoint.open().event('stop', { action: 'stop', conversationId: 'c2' });
  await asked;
  assert.equal(page.messages.at(-1).status, 'stopped');
  const [turn] = await kept('ada/c2');
  assert.equal(turn.status, 'stopped');
  assert.ok(turn.answer.length < 700, 'it was not stopped');
  assert.equal(turn.answer, page.textOf('q1'));
});

test('a page that was cut off comes back, sees what was said, and has the rest of the answer', limits, async () => {
  const first = endpoint.open();
  await first.event('$connect');
  const asked = first.ask('c3', 'q1', 'When is a package essential?');
  await first.until(({ type }) => type === 'delta');
  first.isGone = true;
  const second = endpoint.open();
  await second.event('history', { action: 'history', conversationId: 'c3' });
  const history = second.messages[0];
  assert.equal(history.type, 'history');
  assert.deepEqual(history.turns.map(({ id, status }) => [id, status]), [['q1', 'answering']]);
  await asked;
  assert.equal(second.messages.at(-1).type, 'done');
  assert.equal(second.textOf('q1'), (await kept('ada/c3'))[0].answer);
  assert.ok(second.messages.filter(({ type }) => type === 'delta').length > 0);
  assert.equal(await registered(first), undefined, 'a connection that is gone stays registered');
});

test('a page that asks again by the same connection is sent the answer from its beginning', limits, async () => {
  const page = endpoint.open();
  const asked = page.ask('c3b', 'q1', 'When is a package essential?');
  await page.until(({ type }) => type === 'delta');
  await page.event('history', { action: 'history', conversationId: 'c3b' });
  const before = page.messages.length;
  await asked;
  const again = page.messages.slice(before).find(({ type }) => type === 'start');
  assert.ok(again.text.length > 0);
  assert.equal(page.textOf('q1'), (await kept('ada/c3b'))[0].answer);
});

test('nobody is there any more: the answer is finished and kept', limits, async () => {
  const page = endpoint.open();
  page.isGone = true;
  await page.ask('c4', 'q1', 'What is a virtual package?');
  const back = endpoint.open();
  await back.event('history', { action: 'history', conversationId: 'c4' });
  const [turn] = back.messages[0].turns;
  assert.equal(turn.status, 'done');
  assert.match(turn.answer, /virtual package/);
  assert.equal(back.messages.length, 1);
});

test('the model hears what was said before', limits, async () => {
  const page = endpoint.open();
  await page.ask('c5', 'q1', 'The name of my package is frobnicator.');
  await page.ask('c5', 'q2', 'What is the name of my package?');
  assert.match(page.textOf('q2'), /frobnicator/);
});

test('another user has another conversation of the same name', limits, async () => {
  const [ada, bob] = [endpoint.open('ada'), endpoint.open('bob')];
  await ada.ask('shared', 'q1', 'What is a virtual package?');
  await bob.event('history', { action: 'history', conversationId: 'shared' });
  assert.deepEqual(bob.messages, [{ type: 'history', conversationId: 'shared', turns: [] }]);
});

test('a model that is asked too much is told to the user as that', limits, async () => {
  await server.admin('faults', { service: 'bedrock-runtime', operation: 'ConverseStream', error: 'ThrottlingException', rate: 1 });
  const page = endpoint.open();
  await page.ask('c6', 'q1', 'What is a virtual package?');
  await server.admin('faults', undefined, 'DELETE');
  const error = page.messages.at(-1);
  assert.deepEqual([error.type, error.code, error.id], ['error', 'throttled', 'q1']);
  assert.match(error.message, /Ask again in a minute/);
  assert.equal((await kept('ada/c6'))[0].status, 'failed');
});

test('what cannot be had is refused with a reason, and nothing is kept of it', limits, async () => {
  const page = endpoint.open();
  const cases = [
    ['ask', { conversationId: 'c7', id: 'q1', text: 'x'.repeat(2001) }, 'too_long'],
    ['ask', { conversationId: 'c7', id: 'q2', text: ' ' }, 'bad_request'],
    ['ask', { conversationId: 'c7', id: 'q3' }, 'bad_request'],
    ['ask', { conversationId: 'c7', id: 'no id', text: 'Why?' }, 'bad_request'],
    ['ask', { conversationId: '../bob', id: 'q4', text: 'Why?' }, 'bad_request'],
    ['history', {}, 'bad_request'],
    ['$default', { action: 'shout' }, 'unknown_action'],
    ['$default', 'what is no object', 'unknown_action'],
  ];
  for (const [route, message, code] of cases) {
    await page.event(route, message);
    const error = page.messages.pop();
    assert.deepEqual([error.type, error.code, error.id], ['error', code, message.id]);
  }
  await handler({ requestContext: { ...page.requestContext, routeKey: '$default' }, body: '{no json' });
  assert.equal(page.messages.pop().code, 'unknown_action');
  assert.deepEqual(await kept('ada/c7'), []);
});

test('a second question waits until the first is answered', limits, async () => {
  const page = endpoint.open();
  const asked = page.ask('c8', 'q1', 'When is a package essential?');
  await page.until(({ type }) => type === 'start');
  await page.ask('c8', 'q2', 'What is a virtual package?');
  assert.equal((await page.until(({ id }) => id === 'q2')).code, 'busy');
  await asked;
  assert.equal((await kept('ada/c8')).length, 1);
});

test('an answer whose function died counts as interrupted, and the next question is taken', limits, async () => {
  const at = '2026-01-01T00:00:00.000Z';
  await keep({ conversation: 'ada/c9', at, id: 'q1', question: 'Why?', answer: 'Bec', status: 'answering', writtenAt: Date.now() - 11_000 });
  const page = endpoint.open();
  await page.event('history', { action: 'history', conversationId: 'c9' });
  assert.deepEqual(page.messages[0].turns.map(({ status, answer, error }) => [status, answer, error]), [['failed', 'Bec', 'The answer was interrupted.']]);
  await page.ask('c9', 'q2', 'What is a virtual package?');
  assert.equal(page.messages.at(-1).type, 'done');
});

test('a history that is longer than a message may be shows the latest turns', limits, async () => {
  for (let day = 1; day <= 28; ++day) {
    const at = `2026-02-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    await keep({ conversation: 'ada/c10', at, id: `q${day}`, question: 'Why?', answer: 'y'.repeat(9000), status: 'done' });
  }
  const page = endpoint.open();
  await page.event('history', { action: 'history', conversationId: 'c10' });
  const { turns } = page.messages[0];
  assert.equal(turns.at(-1).id, 'q28');
  assert.ok(turns.length > 5 && turns.length < 28);
});
