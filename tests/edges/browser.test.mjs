// What a page sees in a person's browser: WebSocket messages and close codes, and a streamed answer part by part.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { EdgeServer } from '../support/edge_server.mjs';

const executablePath = '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const missing = !existsSync(executablePath);
const limits = { timeout: 120_000, skip: missing && `there is no ${executablePath}` };

let server, profile, browser, page;
before(async () => {
  if (missing) return;
  server = await EdgeServer.start('--loops', '2');
  profile = mkdtempSync(join(tmpdir(), 'outcrop-browser-'));
  browser = await chromium.launchPersistentContext(profile, { executablePath, args, headless: true });
  page = await browser.newPage();
  await page.goto(server.endpoint);
});
after(async () => {
  if (missing) return;
  await browser?.close();
  rmSync(profile, { recursive: true, force: true });
  assert.equal(await server.stop(), 0, server.log);
});

// Opens a WebSocket in the page, sends `messages` one after the other, each when the one before came back, and closes.
const converse = (path, messages, code) =>
  page.evaluate(
    ([url, messages, code]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url);
        socket.binaryType = 'arraybuffer';
        const echoes = [];
        const say = () => {
          if (echoes.length === messages.length) return code && socket.close(code, 'page done');
          const message = messages[echoes.length];
          socket.send(typeof message === 'string' ? message : new Uint8Array(message));
        };
        socket.onopen = say;
        socket.onmessage = ({ data }) => {
          echoes.push(typeof data === 'string' ? data : [...new Uint8Array(data)]);
          say();
        };
        socket.onclose = ({ code, reason, wasClean }) => resolve({ echoes, code, reason, wasClean });
      }),
    [server.ws + path, messages, code],
  );

test('text and binary come back to the page', limits, async () => {
  const messages = ['κόσμε 😀', [0, 255, 128], 'x'.repeat(100_000), ''];
  assert.deepEqual(await converse('/ws', messages, 4001), { echoes: messages, code: 4001, reason: '', wasClean: true });
});

test('the page sees the code and the reason of our close', limits, async () => {
  assert.deepEqual(await converse('/ws/close?code=4321', []), { echoes: [], code: 4321, reason: 'as asked', wasClean: true });
});

test('a message above the limit is closed with 1009', limits, async () => {
  const { code, echoes } = await converse('/ws', ['x'.repeat(200_000)]);
  assert.equal(code, 1009);
  assert.deepEqual(echoes, []);
});

test('a streamed answer is seen part by part', limits, async () => {
  // The server sends an event only when the page, having read the one before, has asked for it.
  const parts = await page.evaluate(async () => {
    const answer = await fetch('/stream?n=5&gate=browser');
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const parts = [];
    for (let seen = ''; ; ) {
      const { done, value } = await reader.read();
      if (done) return parts;
      seen += value;
      if (!seen.endsWith('\n\n')) continue;
      parts.push(seen);
      seen = '';
      await fetch('/open?gate=browser', { method: 'POST' });
    }
  });
  assert.deepEqual(parts, [0, 1, 2, 3, 4].map((i) => `data: ${i}\n\n`));
});

test('an EventSource gets the events of a stream on its timer', limits, async () => {
  const events = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const source = new EventSource('/stream?n=3&ms=5');
        const events = [];
        source.onmessage = ({ data }) => {
          events.push(data);
          if (events.length === 3) {
            source.close();
            resolve(events);
          }
        };
      }),
  );
  assert.deepEqual(events, ['0', '1', '2']);
});
