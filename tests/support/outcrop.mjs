// Starts an Outcrop for a test and stops it; waits for the server's own word, never for a time.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

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

  async admin(path, body, method = 'POST') {
    const answer = await fetch(`${this.endpoint}/_outcrop/${path}`, { method, body: body && JSON.stringify(body) });
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
