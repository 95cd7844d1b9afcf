// The chat (examples/chat) as a person has it: set up by its own script, its page in Chromium, every part of it running on Outcrop. Between the page and
// the WebSocket API lies a proxy, whose connections the test cuts.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { chromium } from 'playwright-core';
import { Outcrop } from '../support/outcrop.mjs';

const executablePath = '/usr/bin/chromium';
const missing = !existsSync(executablePath);
const limits = { timeout: 300_000, skip: missing && `there is no ${executablePath}` };
const [model, slowModel] = ['amazon.nova-lite-v1:0', 'amazon.nova-micro-v1:0']; // the slow one takes a minute for an answer that a test ends early
const setup = fileURLToPath(new URL('../../examples/chat/setup.mjs', import.meta.url));

// Passes connections on to the port `target` until it cuts them.
class Proxy {
  target;
  #server;
  #sockets = new Set();

  async listen(port = 0) {
    this.#server = net.createServer((near) => {
      const far = net.connect(this.target, '127.0.0.1');
      for (const [socket, other] of [[near, far], [far, near]]) {
        this.#sockets.add(socket);
        socket.on('error', () => {}).on('close', () => (this.#sockets.delete(socket), other.destroy())).pipe(other);
      }
    });
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = this.#server.address().port;
  }

  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }

  // Nobody listens afterwards.
  async close() {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }
}

let server, folder, browser, environment, told;
const proxy = new Proxy();
before(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), 'outcrop-chat-'));
  const slow = `{match: ${slowModel}, provider: embedded, tokens_per_second: 2}`;
  writeFileSync(join(folder, 'outcrop.yaml'), `models: [${slow}, {match: "*", provider: embedded, tokens_per_second: 50}]\n`);
  await startServer();
  await proxy.listen();
  environment = { ...process.env, AWS_ENDPOINT_URL: server.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  told = await setUp();
  await connectThrough(proxy.port);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'], headless: true });
});
after(async () => {
  if (missing) return;
  await browser?.close();
  await proxy.close();
  rmSync(folder, { recursive: true });
  assert.equal(await server.stop(), 0, server.log);
});

async function startServer() {
  server = await Outcrop.start('--config', join(folder, 'outcrop.yaml'), '--data', join(folder, 'data'));
  proxy.target = Number(new URL(server.endpoint).port);
}

async function setUp() {
  return JSON.parse((await promisify(execFile)(process.execPath, [setup], { env: environment })).stdout);
}

async function configure(FunctionName, variables) {
  const client = new LambdaClient(server.clientConfig());
  const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { ...Environment.Variables, ...variables } } }));
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
  client.destroy();
}

// Has the page connect by the proxy.
async function connectThrough(port) {
  const url = new URL(told.url);
  url.port = port;
  await configure('chat-page', { CHAT_URL: url.href });
}

// A page of its own: nothing is known in it yet.
async function open(t, { address = told.page } = {}) {
  const context = await browser.newContext();
  context.setDefaultTimeout(120_000);
  t.after(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(address);
  return page;
}

// Waits without the page's frames, which a browser on a busy machine does not draw.
async function until(page, isSo, arg) {
  while (!(await page.evaluate(isSo, arg))) await setTimeout(50);
}

const shows = (page, text) => until(page, (text) => document.body.innerText.includes(text), text);
const isConnected = (page) => until(page, () => document.querySelector('#state').textContent === 'Connected');
const isBegun = (page, at = 0) => until(page, (at) => document.querySelectorAll('.answer')[at]?.textContent.length > 10, at);
const isOver = (page, at = 0) => until(page, (at) => document.querySelectorAll('.turn')[at]?.ariaBusy === 'false', at);
const answer = (page, at = 0) => page.locator('.answer').nth(at);
const press = (page, name) => page.getByRole('button', { name }).press('Enter');

async function ask(page, question) {
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
}

test('a question is answered from the document, and the answer grows as it is read', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  await page.evaluate(() => {
    window.lengths = [];
    window.announcements = [];
    const [turns, announcement] = [document.querySelector('#turns'), document.querySelector('#announcement')];
    new MutationObserver(() => window.lengths.push(turns.querySelector('.answer').textContent.length)).observe(turns, { childList: true, subtree: true });
    new MutationObserver(() => window.announcements.push(announcement.textContent)).observe(announcement, { childList: true });
  });
  await ask(page, 'When was this manual first written, and by whom?');
  await isOver(page);
  assert.match(await answer(page).textContent(), /initially written in 1996 by Ian Jackson/);
  const lengths = await page.evaluate(() => window.lengths);
  assert.deepEqual(lengths, lengths.toSorted((a, b) => a - b));
  assert.ok(new Set(lengths).size > 5, `${lengths}`);
  const announcements = await page.evaluate(() => window.announcements);
  assert.deepEqual(announcements, ['The answer is being written.', await answer(page).textContent()], 'announced token by token');
  await page.locator('summary').press('Enter');
  await shows(page, '1.3.1. Early history');
});

test('a suggestion is a question', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  await press(page, 'What is a virtual package?');
  await isOver(page);
  assert.match(await answer(page).textContent(), /appears in the "Provides" control field/);
});

for (const [name, stop] of [
  ['Stop', (page) => press(page, 'Stop')],
  ['Escape', (page) => page.keyboard.press('Escape')],
])
  test(`${name} ends an answer`, limits, async (t) => {
    await configure('chat', { MODEL_ID: slowModel });
    t.after(() => configure('chat', { MODEL_ID: model }));
    const page = await open(t);
    await isConnected(page);
    await ask(page, 'When is a package essential?');
    await isBegun(page);
    await stop(page);
    await isOver(page);
    await shows(page, 'Stopped.');
    assert.equal(await page.getByRole('button', { name: 'Ask' }).isEnabled(), true);
  });

test('a connection that drops comes back, and the answer goes on', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  await ask(page, 'When is a package essential?');
  await isBegun(page);
  proxy.cut();
  await shows(page, 'The connection is lost. Trying again…');
  await isConnected(page);
  await isOver(page);
  assert.equal(await page.locator('#turns > li').count(), 1);
  assert.match(await answer(page).textContent(), /^Packages are tagged "essential"[^]*3\.8\. Essential packages\)$/);
});

test('a question that is asked before the history has come is not lost by it', limits, async (t) => {
  const page = await open(t, { address: 'about:blank' });
  let history, send;
  await page.routeWebSocket(/live/, (socket) => {
    const far = socket.connectToServer();
    send = (message) => socket.send(message);
    far.onMessage((message) => {
      if (JSON.parse(message).type === 'history' && !history) history = message;
      else socket.send(message);
    });
  });
  await page.goto(told.page);
  await isConnected(page);
  await ask(page, 'When is a package essential?');
  await isBegun(page);
  send(history);
  await isOver(page);
  assert.match(await answer(page).textContent(), /^Packages are tagged "essential"[^]*3\.8\. Essential packages\)$/);
});

test('a page that is loaded anew shows what was said', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  await ask(page, 'What is a virtual package?');
  await isOver(page);
  const said = await answer(page).textContent();
  await page.reload();
  await isOver(page);
  assert.equal(await answer(page).textContent(), said);
  await press(page, 'New chat');
  await shows(page, 'You could ask');
});

test('a server that is away is said to be, and is connected to when it is back', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  const { port } = proxy;
  await proxy.close();
  await shows(page, 'The connection is lost. Trying again…');
  assert.equal(await page.getByRole('button', { name: 'Ask' }).isDisabled(), true);
  await proxy.listen(port);
  await isConnected(page);
});

test('who is not let in is told so, and can give another token', limits, async (t) => {
  const page = await open(t, { address: `${told.page.split('#')[0]}#token=demo.1.wrong` });
  await shows(page, 'The server refused the connection.');
  assert.doesNotMatch(page.url(), /token/);
  await page.getByLabel('Your token').fill(told.token);
  await press(page, 'Connect');
  await isConnected(page);
});

test('a model that has too much to do is told of in the answer', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  await server.admin('faults', { service: 'bedrock-runtime', operation: 'ConverseStream', error: 'ThrottlingException', rate: 1 });
  t.after(() => server.admin('faults', undefined, 'DELETE'));
  await ask(page, 'What is a virtual package?');
  await shows(page, 'The model has too much to do at the moment. Ask again in a minute.');
});

test('what is said is text, whatever is in it', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  const text = '<img src=x onerror="document.title = 1"><b>Why?</b>';
  await ask(page, text);
  await isOver(page);
  await shows(page, text);
  assert.equal(await page.locator('#turns img, #turns b').count(), 0);
});

test('a second set-up changes nothing that is in use', limits, async (t) => {
  const page = await open(t);
  await isConnected(page);
  const again = await setUp();
  assert.equal(again.url, told.url);
  assert.equal(again.page.split('#')[0], told.page.split('#')[0]);
  await connectThrough(proxy.port);
  await page.reload(); // with the token of before
  await isConnected(page);
});

test('a server that is killed is come back to: what it was saying was interrupted, and no dead connection stays registered', limits, async (t) => {
  await configure('chat', { MODEL_ID: slowModel });
  const page = await open(t);
  await isConnected(page);
  await ask(page, 'When is a package essential?');
  await isBegun(page);
  server.child.kill('SIGKILL');
  await server.ended;
  await shows(page, 'The connection is lost. Trying again…');
  await startServer();
  await isConnected(page);
  await shows(page, 'The answer was interrupted.');
  await configure('chat', { MODEL_ID: model });
  await ask(page, 'What is a virtual package?');
  await isOver(page, 1);
  const client = new DynamoDBClient(server.clientConfig());
  const registered = async () => (await client.send(new ScanCommand({ TableName: 'chat-connections', ConsistentRead: true }))).Count;
  while ((await registered()) !== 1);
  client.destroy();
});
