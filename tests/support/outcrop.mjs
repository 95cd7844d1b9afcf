// Starts an Outcrop for a test and stops it; waits for the server's own word, never for a time.
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

// The fields of a signed request to the admin interface: SigV4 for the service "outcrop".
function signed(method, url, body, { accessKeyId, secretAccessKey }) {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/outcrop/aws4_request`;
  const canonical = `${method}\n${url.pathname}\n\nhost:${url.host}\nx-amz-date:${time}\n\nhost;x-amz-date\n${sha256(body)}`;
  const key = scope.split('/').reduce(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return { 'x-amz-date': time, authorization };
}

export class Outcrop {
  static async start(...args) {
    const binary = process.env.OUTCROP_BIN;
    if (!binary) throw new Error('OUTCROP_BIN names no program');
    const server = new Outcrop();
    server.log = '';
    const data = args.includes('--data') ? [] : ['--data', ':memory:'];
    server.child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', ...data, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    server.child.stderr.on('data', (text) => (server.log += text));
    server.ended = new Promise((resolve) => server.child.on('exit', (code) => resolve(code)));
    const ready = new Promise((resolve) => createInterface(server.child.stdout).once('line', resolve));
    const line = await Promise.race([ready, server.ended]);
    if (typeof line !== 'string' || !line.startsWith('ready ')) throw new Error(`the server did not start: ${server.log}`);
    server.endpoint = line.split(' ')[1];
    return server;
  }

  // What an SDK client needs to talk to it.
  clientConfig(more = {}) {
    return { endpoint: this.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1, ...more };
  }

  // With the credentials of `administrator`, where the server enforces them.
  async admin(path, body, method = 'POST') {
    const url = new URL(`${this.endpoint}/_outcrop/${path}`);
    const sent = body && JSON.stringify(body);
    const headers = this.administrator ? signed(method, url, sent ?? '', this.administrator) : {};
    const answer = await fetch(url, { method, body: sent, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  // Waits until the metrics say so; at most a minute.
  async until(pattern) {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const metrics = await (await fetch(`${this.endpoint}/_outcrop/metrics`)).text();
      if (pattern.test(metrics)) return;
      if (performance.now() > deadline) throw new Error(`the metrics never said ${pattern}`);
    }
  }

  async stop() {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}

// The error that a call must end with.
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}
