// What the clients of the Runtime API take of an invocation: from the event leaving a bare scripted API to its response arriving there, with a
// handler that answers its event. `node bench/runtime_clients.mjs`; programs of provided runtimes as arguments.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const rounds = 10_000;
const runtimes = fileURLToPath(new URL('../runtimes', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-bench-'));
fs.writeFileSync(path.join(folder, 'index.js'), 'exports.handler = async (event) => event');
fs.writeFileSync(path.join(folder, 'main.py'), 'def handler(event, context):\n  return event');

const event =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n' +
  'Lambda-Runtime-Deadline-Ms: 1542409706888\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:f\r\n' +
  'Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n\r\n{"hello":"world"}';

function measure(command, handler, runtime) {
  return new Promise((resolve) => {
    const times = [];
    const server = net.createServer({ noDelay: true }, (socket) => {
      let sent;
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (text.startsWith('POST')) {
          times.push(Number(process.hrtime.bigint() - sent) / 1000);
          socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
        }
        if (!text.includes('/invocation/next')) return;
        if (times.length === rounds) return child.kill();
        sent = process.hrtime.bigint();
        socket.write(event);
      });
    });
    let child;
    server.listen(0, '127.0.0.1', () => {
      const env = { PATH: process.env.PATH, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`, LAMBDA_TASK_ROOT: folder };
      child = spawn(command[0], command.slice(1), { cwd: folder, stdio: 'inherit', env: { ...env, _HANDLER: handler, AWS_EXECUTION_ENV: runtime } });
      child.on('close', () => {
        server.close();
        resolve(times.slice(rounds / 10).sort((a, b) => a - b));
      });
    });
  });
}

const rows = [
  ['Node.js bootstrap', [process.execPath, `${runtimes}/nodejs/bootstrap.cjs`, ''], 'index.handler', 'AWS_Lambda_nodejs22.x'],
  ['Python bootstrap', ['python3', `${runtimes}/python/bootstrap.py`], 'main.handler', 'AWS_Lambda_python3.12'],
  ...process.argv.slice(2).map((program) => [path.basename(program), [path.resolve(program)], 'echo', '']),
];
for (const [name, ...how] of rows) {
  const times = await measure(...how);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(0);
  console.log(`${name.padEnd(20)} p50 ${at(0.5)} us   p99 ${at(0.99)} us`);
}
fs.rmSync(folder, { recursive: true });
