// Every kind of runtime through the server: Python, a C++ program, and AWS's own runtime interface client, unmodified.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CreateFunctionCommand, InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ric, withRic } from '../support/aws_lambda_ric.mjs';
import { Outcrop, refusal } from '../support/outcrop.mjs';
import { zipOf } from '../support/zip.mjs';

let server, lambda, folders;
before(async () => {
  folders = fs.mkdtempSync(path.join(os.tmpdir(), 'outcrop-functions-'));
  fs.chmodSync(folders, 0o755);
  server = await Outcrop.start();
  lambda = new LambdaClient(server.clientConfig());
});
after(async () => {
  await server.stop();
  fs.rmSync(folders, { recursive: true });
});

const create = (FunctionName, Runtime, Handler, files, Tags) => {
  const Role = 'arn:aws:iam::000000000000:role/function';
  return lambda.send(new CreateFunctionCommand({ FunctionName, Runtime, Handler, Role, Tags, Timeout: 10, Code: { ZipFile: zipOf(files) } }));
};

// A function that runs from a folder, which `fill` fills.
async function createInPlace(name, runtime, handler, fill) {
  const folder = path.join(folders, name);
  fs.mkdirSync(folder);
  fill(folder);
  return create(name, runtime, handler, { none: '' }, { 'outcrop:code-directory': folder });
}

async function invoke(FunctionName, event) {
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return { error: FunctionError, value: JSON.parse(Payload.transformToString()) };
}

test('a Python function answers, and fails', async () => {
  const code = 'def handler(event, context):\n  return {"doubled": event["n"] * 2, "name": context.function_name}';
  await create('python', 'python3.12', 'main.handler', { 'main.py': code });
  assert.deepEqual(await invoke('python', { n: 21 }), { error: undefined, value: { doubled: 42, name: 'python' } });
  const { error, value } = await invoke('python', {});
  assert.equal(error, 'Unhandled');
  assert.equal(value.errorType, 'KeyError');
});

test('a program answers as a provided runtime', async () => {
  await createInPlace('program', 'provided.al2023', 'echo', (folder) => {
    fs.copyFileSync(process.env.OUTCROP_ECHO_BOOTSTRAP, path.join(folder, 'bootstrap'));
    fs.chmodSync(path.join(folder, 'bootstrap'), 0o755);
  });
  for (let n = 0; n < 10; ++n) assert.deepEqual((await invoke('program', { n })).value, { n });
});

test("AWS's own runtime interface client answers, fails and streams", withRic, async () => {
  const fill = (folder) => {
    const client = path.join(folder, 'client');
    for (const part of ['package.json', 'bin', 'dist']) {
      fs.cpSync(path.join(ric, part), path.join(client, part), { recursive: true });
    }
    fs.writeFileSync(path.join(folder, 'bootstrap'), `#!/bin/sh\nexec '${process.execPath}' client/bin/index.mjs "$_HANDLER"\n`, { mode: 0o755 });
    const streaming = 'awslambda.streamifyResponse(async (event, stream) => { stream.write("one "); stream.write("two"); stream.end(); })';
    fs.writeFileSync(
      path.join(folder, 'index.js'),
      `exports.plain = async (event) => { if (event.fails) throw new RangeError("far"); return { n: event.n }; };\nexports.streaming = ${streaming};`,
    );
  };
  await createInPlace('ric', 'provided.al2023', 'index.plain', fill);
  for (let n = 0; n < 3; ++n) assert.deepEqual((await invoke('ric', { n })).value, { n });
  assert.equal((await invoke('ric', { fails: true })).value.errorType, 'RangeError');

  await createInPlace('ric-streaming', 'provided.al2023', 'index.streaming', fill);
  const { EventStream } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: 'ric-streaming' }));
  let text = '';
  for await (const part of EventStream) if (part.PayloadChunk) text += Buffer.from(part.PayloadChunk.Payload).toString();
  assert.equal(text, 'one two');
});

test('a runtime that this server has not is refused by its name', async () => {
  const error = await refusal(create('java', 'java21', 'a.B', { 'a.class': '' }));
  assert.equal(error.name, 'InvalidParameterValueException');
  assert.match(error.message, /^This server has no runtime java21/);
});
