// Functions reach the server's own APIs by the names that APIs have on AWS: connections go to the server, names stay as they are.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { startNode, startPython } from '../support/function_runtimes.mjs';

const name = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-names-'));
const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
const subject = ['-subj', '/CN=apis', '-addext', 'subjectAltName=DNS:*.execute-api.eu-central-1.amazonaws.com,DNS:localhost'];
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' });

// Says which host it was asked for, by HTTP and by TLS.
async function startServer(t) {
  const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(certificate) }, (request, response) =>
    response.end(`${request.headers.host} ${request.socket.servername}${request.url}`));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => socket.send(`${request.headers.host} ${request.socket.servername}${request.url}`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    sockets.clients.forEach((client) => client.terminate());
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

const environmentOf = (port) => ({
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_CA_BUNDLE: certificate,
  NODE_EXTRA_CA_CERTS: '',
  SSL_CERT_FILE: certificate,
});

const ws = createRequire(import.meta.url).resolve('ws');
const nodeCode = `const https = require('node:https'), net = require('node:net'), tls = require('node:tls');
  const get = (url) => new Promise((resolve) => https.get(url, (answer) => answer.on('data', (text) => resolve(String(text)))).on('error', (error) => resolve(error.code)));
  const socket = (url) => new Promise((resolve) => {
    const opened = new (require(${JSON.stringify(ws)}))(url);
    opened.on('message', (text) => (resolve(String(text)), opened.close())).on('error', (error) => resolve(error.code));
  });
  const connected = (...where) => new Promise((resolve) => {
    const made = net.connect(...where, () => (resolve(made.remotePort), made.destroy())).on('error', (error) => resolve(error.code));
  });
  exports.handler = async ({ name, port }) => ({
    https: await get('https://' + name + '/prod'),
    fetch: await fetch('https://' + name + '/prod').then((answer) => answer.text(), (error) => error.cause.code),
    websocket: await socket('wss://' + name + '/prod'),
    arguments: [await connected(443, name), await connected({ host: name, port: 443 })],
    other: await get('https://localhost:' + port + '/other'),
  })`;

test('Node.js: by https, fetch and WebSocket', async (t) => {
  const port = await startServer(t);
  const running = await startNode(t, { files: { 'index.js': nodeCode }, environment: environmentOf(port) });
  assert.deepEqual(JSON.parse((await running.invoke({ name, port })).body), {
    https: `${name} ${name}/prod`,
    fetch: `${name} ${name}/prod`,
    websocket: `${name} ${name}/prod`,
    arguments: [port, port],
    other: `localhost:${port} localhost/other`,
  });
});

// A name is not looked up: it is handed to the function that a connection looks names up with.
test('Node.js: no other names', async (t) => {
  const port = await startServer(t);
  const code = `const net = require('node:net');
    const asked = (host) => new Promise((resolve) => {
      const lookup = (name, options, found) => (resolve(name), found(new Error('not looked up')));
      net.connect({ host, port: 9, lookup }).on('error', () => {}).on('connect', () => resolve('connected'));
    });
    exports.handler = async ({ names }) => Promise.all(names.map(asked))`;
  const running = await startNode(t, { files: { 'index.js': code }, environment: environmentOf(port) });
  const names = [`${name}.test`, `evil.test/${name}`, `a.${name}`, 'execute-api.eu-central-1.amazonaws.com', 'sqs.eu-central-1.amazonaws.com'];
  assert.deepEqual(JSON.parse((await running.invoke({ names })).body), names);
});

const pythonCode = `import http.client, socket, ssl, urllib.request
def get(url):
  with urllib.request.urlopen(url, timeout=10) as answer:
    return answer.read().decode()
def handler(event, context):
  name, port = event["name"], event["port"]
  with socket.create_connection((name, 443), timeout=10) as made:
    there = made.getpeername()[1]
  return {"urllib": get(f"https://{name}/prod"), "port": there, "other": get(f"https://localhost:{port}/other"),
          "addresses": [found[4][1] for found in socket.getaddrinfo("127.0.0.1", 9, type=socket.SOCK_STREAM)]}`;

test('Python: by urllib and sockets', async (t) => {
  const port = await startServer(t);
  const running = await startPython(t, { files: { 'main.py': pythonCode }, environment: environmentOf(port) });
  assert.deepEqual(JSON.parse((await running.invoke({ name, port })).body), {
    urllib: `${name} ${name}/prod`,
    port,
    other: `localhost:${port} localhost/other`,
    addresses: [9],
  });
});

test('Python: boto3 manages connections by such a name', async (t) => {
  const port = await startServer(t);
  const code = `import boto3, botocore.config
def handler(event, context):
  settings = botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=10, read_timeout=10)
  client = boto3.client("apigatewaymanagementapi", endpoint_url=f"https://{event['name']}/prod", region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b", config=settings)
  seen = []
  client.meta.events.register("after-call", lambda http_response, **rest: seen.append(http_response.content.decode()))
  client.delete_connection(ConnectionId="abc")
  return seen`;
  try {
    execFileSync(process.env.FUNCTION_PYTHON ?? 'python3', ['-c', 'import boto3'], { stdio: 'ignore' });
  } catch {
    return t.skip('this Python has no boto3');
  }
  const running = await startPython(t, { files: { 'main.py': code }, environment: environmentOf(port) });
  assert.deepEqual(JSON.parse((await running.invoke({ name })).body), [`${name} ${name}/prod/@connections/abc`]);
});

after(() => fs.rmSync(folder, { recursive: true }));
