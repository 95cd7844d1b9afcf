// What a page sees in a person's browser, which trusts our authority as a person would have it do: WebSocket messages and close
// codes, and a streamed answer part by part; over plain HTTP/1.1, and over TLS, where the browser chooses HTTP/2.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

// Chromium trusts what the user's own certificate database holds.
function trust(home, authority) {
  const database = join(home, '.pki/nssdb');
  mkdirSync(database, { recursive: true });
  execFileSync('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
  execFileSync('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'outcrop', '-i', authority]);
}

let server, home, browser;
const pages = {};
before(async () => {
  if (missing) return;
  home = mkdtempSync(join(tmpdir(), 'outcrop-browser-'));
  const authority = join(home, 'ca.pem');
  server = await EdgeServer.start('--loops', '2', '--tls-authority', authority);
  trust(home, authority);
  browser = await chromium.launchPersistentContext(join(home, 'profile'), { executablePath, args, headless: true, env: { ...process.env, HOME: home } });
  for (const scheme of ['http', 'https']) {
    pages[scheme] = await browser.newPage();
    await pages[scheme].goto(server.endpoint.replace('http:', `${scheme}:`));
  }
});
after(async () => {
  if (missing) return;
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
  assert.equal(await server.stop(), 0, server.log);
});

// Opens a WebSocket in the page, sends `messages` one after the other, each when the one before came back, and closes.
const converse = (page, path, messages, code) =>
  page.evaluate(
    ([path, messages, code]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(location.origin.replace('http', 'ws') + path);
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
    [path, messages, code],
  );

for (const scheme of ['http', 'https']) {
  test(`${scheme}: text and binary come back to the page`, limits, async () => {
    const messages = ['κόσμε 😀', [0, 255, 128], 'x'.repeat(100_000), ''];
    assert.deepEqual(await converse(pages[scheme], '/ws', messages, 4001), { echoes: messages, code: 4001, reason: '', wasClean: true });
  });

  test(`${scheme}: the page sees the code and the reason of our close`, limits, async () => {
    assert.deepEqual(await converse(pages[scheme], '/ws/close?code=4321', []), { echoes: [], code: 4321, reason: 'as asked', wasClean: true });
  });

  test(`${scheme}: a message above the limit is closed with 1009`, limits, async () => {
    const { code, echoes } = await converse(pages[scheme], '/ws', ['x'.repeat(200_000)]);
    assert.equal(code, 1009);
    assert.deepEqual(echoes, []);
  });

  test(`${scheme}: a streamed answer is seen part by part`, limits, async () => {
    // The server sends an event only when the page, having read the one before, has asked for it.
    const parts = await pages[scheme].evaluate(async () => {
      const gate = location.protocol;
      const answer = await fetch(`/stream?n=5&gate=${gate}`);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const parts = [];
      for (let seen = ''; ; ) {
        const { done, value } = await reader.read();
        if (done) return parts;
        seen += value;
        if (!seen.endsWith('\n\n')) continue;
        parts.push(seen);
        seen = '';
        await fetch(`/open?gate=${gate}`, { method: 'POST' });
      }
    });
    assert.deepEqual(parts, [0, 1, 2, 3, 4].map((i) => `data: ${i}\n\n`));
  });

  test(`${scheme}: an EventSource gets the events of a stream on its timer`, limits, async () => {
    const events = await pages[scheme].evaluate(
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

  test(`${scheme}: the page was served by what the browser would choose`, limits, async () => {
    const protocols = await pages[scheme].evaluate(async () => {
      await (await fetch('/stream?n=1')).text();
      return performance.getEntries().filter(({ nextHopProtocol }) => nextHopProtocol).map(({ nextHopProtocol }) => nextHopProtocol);
    });
    assert.deepEqual([...new Set(protocols)], [scheme === 'https' ? 'h2' : 'http/1.1']);
  });
}
