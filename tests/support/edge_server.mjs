// Starts an edge server (tests/edges/edge_server.cc) for a test and stops it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class EdgeServer {
  static async start(...args) {
    const binary = process.env.OUTCROP_EDGE_SERVER;
    if (!binary) throw new Error('OUTCROP_EDGE_SERVER names no program');
    const server = new EdgeServer();
    server.log = '';
    server.child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    server.child.stderr.on('data', (text) => (server.log += text));
    server.ended = new Promise((resolve) => server.child.on('exit', (code) => resolve(code)));
    const ready = new Promise((resolve) => createInterface(server.child.stdout).once('line', resolve));
    const line = await Promise.race([ready, server.ended]);
    if (typeof line !== 'string' || !line.startsWith('ready ')) throw new Error(`the edge server did not start: ${server.log}`);
    server.endpoint = line.split(' ')[1];
    server.ws = server.endpoint.replace('http:', 'ws:');
    return server;
  }

  async stop() {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
