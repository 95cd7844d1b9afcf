// A Runtime API that tests script, and functions that run against it: their bootstraps without Outcrop.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const patienceMs = 20_000;

// One event at a time: invoke() gives it to whoever asks for the next, and is fulfilled by what is posted of it.
class RuntimeApi {
  #server = http.createServer((request, response) => this.#take(request, response));
  #given = []; // {id, event, headers} that nobody has asked for
  #asking = null; // the response that waits for an event
  #posts = new Map(); // by id, or "init"
  #ids = 0;
  #sockets = new Set();
  #onGiven = () => {};
  connections = 0;
  onPart = () => {}; // called with each part of a streamed response
  isReading = true; // false: streamed responses are left unread

  async listen() {
    this.#server.on('connection', (socket) => {
      ++this.connections;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${this.#server.address().port}`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  // Closes its connections, as one that waits for a long handler.
  async drop() {
    await Promise.all([...this.#sockets].map((socket) => (socket.end(), once(socket, 'close'))));
  }

  // Without waiting for who is at the other end.
  async destroy() {
    await Promise.all([...this.#sockets].map((socket) => (socket.destroy(), once(socket, 'close'))));
  }

  // Returns when the event that `invoke` gives was taken.
  async taken(invoke) {
    const given = new Promise((resolve) => (this.#onGiven = resolve));
    invoke().catch(() => {});
    await given;
  }

  // {path, headers, body, trailers} of the post.
  invoke(event, headers = {}) {
    const id = `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}`;
    this.#given.push({ id, event, headers });
    this.#give();
    return this.posted(id);
  }

  posted(id) {
    if (!this.#posts.has(id)) this.#posts.set(id, deferred());
    return bounded(this.#posts.get(id).promise, `a post for ${id}`);
  }

  #give() {
    if (!this.#asking || this.#given.length === 0) return;
    const { id, event, headers } = this.#given.shift();
    const body = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));
    this.#asking.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      'Lambda-Runtime-Aws-Request-Id': id,
      'Lambda-Runtime-Deadline-Ms': Date.now() + 3_000,
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:000000000000:function:tested',
      ...headers,
    });
    this.#asking.end(body, () => this.#onGiven());
    this.#asking = null;
  }

  async #take(request, response) {
    if (request.method === 'GET') {
      this.#asking = response;
      return this.#give();
    }
    const id = /\/invocation\/([^/]+)\//.exec(request.url)?.[1] ?? 'init';
    let body = '';
    if (!this.isReading) await new Promise((resolve) => (this.read = resolve));
    for await (const part of request.setEncoding('utf8')) {
      body += part;
      this.onPart(part);
    }
    response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': 15 });
    response.end('{"status":"OK"}');
    this.posted(id).catch(() => {});
    this.#posts.get(id).resolve({ path: request.url, headers: request.headers, raw: request.rawHeaders, body, trailers: request.trailers });
  }
}

function deferred() {
  const out = {};
  out.promise = new Promise((resolve, reject) => Object.assign(out, { resolve, reject }));
  return out;
}

async function bounded(promise, what) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`waited too long for ${what}`)), patienceMs)));
  timer.unref();
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function writeFiles(files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-function-'));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

// [{type, text}] of the framing protocol.
function parseRecords(bytes) {
  const records = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    records.push({ type: bytes.readUInt32BE(at).toString(16), text: bytes.toString('utf8', at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return records;
}

// Starts `command` with its function. `t` is the test, at whose end everything goes.
export async function startFunction(t, { command, files, handler, environment = {}, isFramed = true }) {
  const api = new RuntimeApi();
  const folder = writeFiles(files);
  const child = spawn(command[0], command.slice(1), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: await api.listen(),
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: folder,
      AWS_LAMBDA_FUNCTION_NAME: 'tested',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/tested',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/26/[$LATEST]0123',
      ...(isFramed && { _LAMBDA_TELEMETRY_LOG_FD: '3' }),
      ...environment,
    },
  });
  const gathered = child.stdio.slice(1).map((stream) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    return () => Buffer.concat(parts);
  });
  const exited = once(child, 'close');
  t.after(async () => {
    api.close();
    child.kill('SIGKILL');
    await exited;
    fs.rmSync(folder, { recursive: true });
  });
  const whole = () => {
    child.kill();
    return bounded(exited, 'the end of the function');
  };
  return {
    api,
    folder,
    invoke: (event, headers) => api.invoke(event, headers),
    posted: (id) => api.posted(id),
    signal: (name) => child.kill(name),
    // Fulfilled by the first record that matches.
    logged: (pattern) => {
      const match = () => parseRecords(gathered[2]()).map(({ text }) => pattern.exec(text)).find((found) => found);
      const arrived = new Promise((resolve) => {
        const look = () => match() && resolve(match());
        child.stdio[3].on('data', look);
        look();
      });
      return bounded(arrived, `a record like ${pattern}`);
    },
    // Its exit status.
    ended: async () => (await bounded(exited, 'the end of the function'))[0],
    // What it logged, as [{type, text}], and wrote to standard output and error: all of it, so this ends it.
    records: () => whole().then(() => parseRecords(gathered[2]())),
    output: () => whole().then(() => gathered[0]().toString()),
    errors: () => whole().then(() => gathered[1]().toString()),
  };
}
