// Our WebSocket against the client most of Node's world uses.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { EdgeServer } from '../support/edge_server.mjs';

const mebibyte = 1024 * 1024;
const limits = { timeout: 60_000 };

let folder, server, ca;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outcrop-websocket-'));
  const authority = join(folder, 'ca.pem');
  const sizes = ['--message-bytes-max', String(16 * mebibyte), '--frame-bytes-max', String(16 * mebibyte)];
  server = await EdgeServer.start('--loops', '2', '--tls-authority', authority, ...sizes);
  ca = readFileSync(authority);
});
after(async () => {
  rmSync(folder, { recursive: true });
  assert.equal(await server.stop(), 0, server.log);
});

// A client whose messages and end are read as they are wanted.
class Client {
  static async open(path = '/ws', options = {}) {
    const client = new Client();
    client.messages = [];
    client.socket = new WebSocket((options.ca ? server.ws.replace('ws:', 'wss:') : server.ws) + path, options);
    client.closed = new Promise((resolve) => client.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    client.socket.on('error', () => {}); // the close says it
    client.socket.on('message', (data, isBinary) => {
      client.messages.push(isBinary ? data : data.toString());
      client.socket.emit('counted');
    });
    await once(client.socket, 'open');
    return client;
  }

  async next() {
    while (this.messages.length === 0) await once(this.socket, 'counted');
    return this.messages.shift();
  }

  async close() {
    this.socket.close();
    return this.closed;
  }
}

test('text and binary come back as what they were', limits, async () => {
  const client = await Client.open();
  client.socket.send('κόσμε 😀');
  client.socket.send(Buffer.from([0, 255, 128]));
  client.socket.send('');
  assert.equal(await client.next(), 'κόσμε 😀');
  assert.deepEqual(await client.next(), Buffer.from([0, 255, 128]));
  assert.equal(await client.next(), '');
  assert.deepEqual(await client.close(), { code: 1005, reason: '' });
});

for (const [transport, options] of [['ws', () => ({})], ['wss', () => ({ ca })]]) {
  test(`big messages come back whole over ${transport}`, limits, async () => {
    const client = await Client.open('/ws', options());
    for (const size of [65_535, 65_536, mebibyte + 1, 16 * mebibyte]) {
      const data = randomBytes(size);
      client.socket.send(data);
      assert.ok(data.equals(await client.next()), `${size} bytes`);
    }
    await client.close();
  });
}

test('over wss a server that is not trusted is not spoken to', limits, async () => {
  const socket = new WebSocket(`${server.ws.replace('ws:', 'wss:')}/ws`);
  const [error] = await once(socket, 'error');
  assert.match(error.code, /SELF_SIGNED|UNABLE_TO/);
});

test('close codes are seen on both sides over wss', limits, async () => {
  const told = await Client.open('/ws/close?code=4999', { ca });
  assert.deepEqual(await told.closed, { code: 4999, reason: 'as asked' });
  const tells = await Client.open('/ws', { ca });
  tells.socket.close(4001, 'done');
  assert.equal((await tells.closed).code, 4001);
});

test('compression is offered, not taken, and nobody minds', limits, async () => {
  const client = await Client.open('/ws', { perMessageDeflate: true });
  assert.equal(client.socket.extensions, '');
  client.socket.send('x'.repeat(100_000));
  assert.equal((await client.next()).length, 100_000);
  await client.close();
});

test('fragments become one message, pings between them', limits, async () => {
  const client = await Client.open();
  client.socket.send('one ', { fin: false });
  client.socket.ping('between');
  client.socket.send('two ', { fin: false });
  client.socket.send('three');
  const [pong] = await once(client.socket, 'pong');
  assert.equal(pong.toString(), 'between');
  assert.equal(await client.next(), 'one two three');
  await client.close();
});

test('a thousand pings get their pongs in order', limits, async () => {
  const client = await Client.open();
  const pongs = [];
  client.socket.on('pong', (data) => pongs.push(Number(data.toString())));
  for (let i = 0; i < 1000; ++i) client.socket.ping(String(i));
  client.socket.send('after them');
  await client.next();
  assert.deepEqual(pongs, [...Array(1000).keys()]);
  await client.close();
});

test('close codes and reasons are seen on both sides', limits, async () => {
  for (const code of [1000, 1001, 1011, 3000, 4999]) {
    const told = await Client.open(`/ws/close?code=${code}`);
    assert.deepEqual(await told.closed, { code, reason: 'as asked' });
    const tells = await Client.open();
    tells.socket.close(code, 'done');
    assert.equal((await tells.closed).code, code);
  }
});

test('a message above the limit is closed with 1009', limits, async () => {
  const client = await Client.open();
  client.socket.send(Buffer.alloc(16 * mebibyte + 1));
  assert.equal((await client.closed).code, 1009);
});

test('text that is not UTF-8 is closed with 1007', limits, async () => {
  const client = await Client.open();
  client.socket.send(Buffer.from([0xce, 0xba, 0xff]), { binary: false });
  assert.equal((await client.closed).code, 1007);
});

test('a wrong version is told the right one', limits, async () => {
  const socket = new WebSocket(`${server.ws}/ws`, { protocolVersion: 8 });
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 426);
  assert.equal(response.headers['sec-websocket-version'], '13');
  response.resume();
});

test('many clients talk at once', limits, async () => {
  const clients = await Promise.all(Array.from({ length: 200 }, () => Client.open()));
  await Promise.all(
    clients.map(async (client, i) => {
      for (let k = 0; k < 20; ++k) client.socket.send(`${i} ${k}`);
      for (let k = 0; k < 20; ++k) assert.equal(await client.next(), `${i} ${k}`);
    }),
  );
  await Promise.all(clients.map((client) => client.close()));
});

test('what one says in a room reaches everyone, on every loop', limits, async () => {
  const clients = await Promise.all(Array.from({ length: 50 }, () => Client.open('/ws/room')));
  clients[0].socket.send('hello all');
  assert.deepEqual(await Promise.all(clients.map((client) => client.next())), Array(50).fill('hello all'));
  await Promise.all(clients.map((client) => client.close()));
});

test('a consumer that pauses loses nothing', limits, async () => {
  const client = await Client.open('/ws/push?n=2000&bytes=20000');
  await client.next();
  client.socket.pause();
  // Another connection of the same loop is served meanwhile.
  const others = await Promise.all([Client.open(), Client.open()]);
  for (const other of others) {
    other.socket.send('still here');
    assert.equal(await other.next(), 'still here');
  }
  client.socket.resume();
  for (let i = 1; i < 2000; ++i) assert.equal(Number(await client.next()), i);
  assert.equal((await client.closed).code, 1000);
  await Promise.all(others.map((other) => other.close()));
});

test('a server that stops says that it goes', limits, async () => {
  const mine = await EdgeServer.start();
  const socket = new WebSocket(`${mine.ws}/ws`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  assert.equal(await mine.stop(), 0, mine.log);
  const [code] = await closed;
  assert.equal(code, 1001);
});
