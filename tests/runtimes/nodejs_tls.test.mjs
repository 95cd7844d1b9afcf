// What Node.js functions trust, where their interpreter is not to read it at its start.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { startNode } from '../support/function_runtimes.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-tls-'));
const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' });

async function startServer(t) {
  const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(certificate) }, (_, response) => response.end('trusted'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => (server.closeAllConnections(), server.close()));
  return `https://127.0.0.1:${server.address().port}/`;
}

const code = `const https = require('node:https');
  const get = (url, options) => new Promise((resolve) => https.get(url, options, (answer) => answer.on('data', (text) => resolve(String(text)))).on('error', (error) => resolve(error.code)));
  exports.handler = async ({ url }) => [
    await get(url, {}), await get(url, { minVersion: "TLSv1.2" }), await get(url, { agent: new https.Agent({ ca: [require("tls").rootCertificates[0]] }) }),
    await fetch(url).then((answer) => answer.text(), (error) => error.cause.code), process.env.NODE_EXTRA_CA_CERTS ?? null]`;

test('the authorities of AWS_CA_BUNDLE are trusted where no others are named', async (t) => {
  const url = await startServer(t);
  const environment = { NODE_EXTRA_CA_CERTS: '', AWS_CA_BUNDLE: certificate };
  const running = await startNode(t, { files: { 'index.js': code }, environment });
  const told = JSON.parse((await running.invoke({ url })).body);
  assert.deepEqual([told[0], told[1], told[3], told[4]], ['trusted', 'trusted', 'trusted', certificate]);
  assert.match(told[2], /SELF_SIGNED|UNABLE_TO/);
});

test('without them nobody else is', async (t) => {
  const url = await startServer(t);
  const running = await startNode(t, { files: { 'index.js': code }, environment: { NODE_EXTRA_CA_CERTS: '' } });
  const told = JSON.parse((await running.invoke({ url })).body);
  for (const answer of told.slice(0, 4)) assert.match(answer, /SELF_SIGNED|UNABLE_TO/);
  assert.equal(told[4], null);
});

after(() => fs.rmSync(folder, { recursive: true }));
