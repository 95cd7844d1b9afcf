// The AWS SDK as Lambda provides it to Node.js functions: from the library folder, unless the function ships its own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNode } from '../support/function_runtimes.mjs';

const library = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-library-'));
after(() => fs.rmSync(library, { recursive: true }));

function put(root, name, text) {
  const folder = path.join(root, 'node_modules', name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, main: 'index.js', exports: { '.': './index.js', './part': './part.js' } }));
  fs.writeFileSync(path.join(folder, 'index.js'), text);
  fs.writeFileSync(path.join(folder, 'part.js'), 'exports.said = "part"');
}
put(library, '@aws-sdk/client-made-up', 'exports.said = `library, ${require("@smithy/made-up").said}`');
put(library, '@smithy/made-up', 'exports.said = "smithy"');
put(library, 'left-pad', 'exports.said = "left-pad"');

const said = async (t, files, handler = 'index.handler') => {
  const running = await startNode(t, { files, handler, library });
  return JSON.parse((await running.invoke({})).body);
};

test('require finds it', async (t) => {
  assert.equal(await said(t, { 'index.js': 'const { said } = require("@aws-sdk/client-made-up"); exports.handler = async () => said' }), 'library, smithy');
  assert.equal(await said(t, { 'index.js': 'const { said } = require("@smithy/made-up/part"); exports.handler = async () => said' }), 'part');
});

test('import finds it', async (t) => {
  const code = 'import { said } from "@aws-sdk/client-made-up"; export const handler = async () => said';
  assert.equal(await said(t, { 'index.mjs': code }), 'library, smithy');
  assert.equal(await said(t, { 'index.mjs': 'import { said } from "@smithy/made-up/part"; export const handler = async () => said' }), 'part');
});

test('import finds it from modules further on, and by names that are made', async (t) => {
  const files = {
    'index.mjs': 'import fs from "node:fs"; import { said } from "./lib/further.mjs"; export const handler = async () => said',
    'lib/further.mjs': 'export { said } from "@aws-sdk/client-made-up"',
    'made.mjs': 'const name = "client-made-up"; export const handler = async () => (await import(`@aws-sdk/${name}`)).said',
  };
  assert.equal(await said(t, files), 'library, smithy');
  assert.equal(await said(t, files, 'made.handler'), 'library, smithy');
});

test('import() in CommonJS finds it', async (t) => {
  assert.equal(await said(t, { 'index.js': 'exports.handler = async () => (await import("@aws-sdk/client-made-up")).said' }), 'library, smithy');
});

test('what the function ships itself comes first', async (t) => {
  const own = {
    'node_modules/@aws-sdk/client-made-up/package.json': '{"name":"@aws-sdk/client-made-up","main":"index.js"}',
    'node_modules/@aws-sdk/client-made-up/index.js': 'exports.said = "own"',
  };
  assert.equal(await said(t, { ...own, 'index.js': 'const { said } = require("@aws-sdk/client-made-up"); exports.handler = async () => said' }), 'own');
  assert.equal(await said(t, { ...own, 'index.mjs': 'import { said } from "@aws-sdk/client-made-up"; export const handler = async () => said' }), 'own');
});

test('nothing else of the folder is offered', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'require("left-pad")' }, library });
  const post = await running.posted('init');
  assert.match(JSON.parse(post.body).errorMessage, /^Error: Cannot find module 'left-pad'/);
});

test('what nobody has is told as lacking where it was asked for', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'require("@aws-sdk/client-nobody-has")' }, library });
  const { errorType, errorMessage } = JSON.parse((await running.posted('init')).body);
  assert.equal(errorType, 'Runtime.ImportModuleError');
  assert.match(errorMessage, /Cannot find module '@aws-sdk\/client-nobody-has'\nRequire stack:\n- .*index\.js/);
});

test('the real SDK calls the endpoint it is given', async (t) => {
  const real = fileURLToPath(new URL('../..', import.meta.url));
  const code = `import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
    const client = new STSClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1', maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    export const handler = async () => client.send(new GetCallerIdentityCommand({})).catch((error) => error.code)`;
  const running = await startNode(t, { files: { 'index.mjs': code }, library: real });
  assert.equal(JSON.parse((await running.invoke({})).body), 'ECONNREFUSED');
});
