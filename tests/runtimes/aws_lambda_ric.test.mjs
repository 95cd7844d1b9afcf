// Our Node.js bootstrap beside AWS's own runtime interface client for Node.js up to 22: what each posts of the same handlers is the same.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { ric, withRic } from '../support/aws_lambda_ric.mjs';
import { startNode } from '../support/function_runtimes.mjs';
import { startFunction } from '../support/runtime_api.mjs';

const plain = {
  'an async handler': 'exports.handler = async (event) => ({ event })',
  'undefined': 'exports.handler = async () => {}',
  'a callback': 'exports.handler = (event, context, callback) => callback(null, [event])',
  'a callback with an error': 'exports.handler = (event, context, callback) => callback(new TypeError("no"))',
  'a callback with text as its error': 'exports.handler = (event, context, callback) => callback("no")',
  'context.succeed': 'exports.handler = (event, context) => context.succeed(1)',
  'context.fail without an error': 'exports.handler = (event, context) => context.fail()',
  'a sync handler': 'exports.handler = () => 1',
  'an exception': 'exports.handler = async () => { throw new RangeError("far") }',
  'what is no JSON': 'exports.handler = async () => 1n',
  'a rejection nobody handles': 'exports.handler = async () => { Promise.reject(new Error("lost")); await new Promise(() => setInterval(() => {}, 1000)) }',
  'the context': 'exports.handler = async (event, context) => Object.keys(context).filter((key) => key !== "tenantId").sort()',
};

const streaming = {
  'parts': 'stream.setContentType("text/plain"); stream.write("a"); stream.write({ b: 1 }); stream.end()',
  'metadata': 'stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); stream.write("a"); stream.end()',
  'metadata without parts': 'awslambda.HttpResponseStream.from(stream, { statusCode: 201 }).end()',
  'an error before': 'throw new TypeError("early")',
  'an error after': 'stream.write("a"); await new Promise((go) => setImmediate(go)); throw new TypeError("late")',
  'a pipeline': 'await require("stream/promises").pipeline(require("stream").Readable.from(["a", "b"]), stream)',
};

const loading = {
  'index.missing': 'exports.handler = 1',
  'index.handler': 'exports.handler = 1',
  'index.x': 'exports.handler = ',
  'nowhere.handler': '',
  'index': '',
  '../index.handler': '',
};

// Without the frames of stacks, which are the clients' own in part.
const logging = `Error.stackTraceLimit = 0; const cycle = {}; cycle.cycle = cycle;
  exports.handler = async () => {
    for (const method of ['trace', 'debug', 'info', 'log', 'warn', 'error', 'fatal']) console[method](method, { of: 1 });
    console.log(); console.log('two\\nlines'); console.log('%d%%', 7); console.log({ a: [1] }); console.log(cycle); console.log(10n);
    console.log(new TypeError('alone')); console.log('beside', new RangeError('it')); console.log(null, undefined);
    throw Object.assign(new Error('thrown'), { code: 'E', cause: new Error('deep') });
  }`;

const theirs = (t, files, handler, environment = {}) =>
  startFunction(t, { command: [process.execPath, path.join(ric, 'bin/index.mjs'), handler], files, handler, environment });

function withoutTraces(text) {
  const value = JSON.parse(text);
  if (value?.errorMessage) [value.trace, value.errorMessage] = [value.trace.length > 0, value.errorMessage.split('\n')[0]];
  return value;
}

async function postOf(running) {
  const { path: target, headers, body, trailers } = await running.invoke({ a: 1 }, { 'Lambda-Runtime-Client-Context': '{"custom":{}}' });
  if (headers['lambda-runtime-function-response-mode'] !== 'streaming') return { target, body: withoutTraces(body) };
  const told = trailers['lambda-runtime-function-error-body'];
  return {
    target,
    body,
    contentType: headers['content-type'],
    type: trailers['lambda-runtime-function-error-type'],
    error: told && withoutTraces(Buffer.from(told, 'base64').toString()),
  };
}

for (const [name, code] of [
  ...Object.entries(plain),
  ...Object.entries(streaming).map(([name, body]) => [name, `exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${body} })`]),
]) {
  test(`the same is posted of ${name}`, withRic, async (t) => {
    const files = { 'index.js': code };
    assert.deepEqual(await postOf(await startNode(t, { files })), await postOf(await theirs(t, files, 'index.handler')));
  });
}

for (const [handler, code] of Object.entries(loading)) {
  test(`the same is told of ${handler}, which cannot be loaded`, withRic, async (t) => {
    const files = { 'index.js': code };
    const told = async (running) => ({ body: withoutTraces((await running.posted('init')).body), status: await running.ended() });
    assert.deepEqual(await told(await startNode(t, { files, handler })), await told(await theirs(t, files, handler)));
  });
}

const withoutTimes = ({ type, text }) => ({ type, text: text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME') });

for (const [name, environment] of Object.entries({
  text: {},
  JSON: { AWS_LAMBDA_LOG_FORMAT: 'JSON' },
  'JSON from WARN on': { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'WARN' },
})) {
  test(`the same is logged as ${name}`, withRic, async (t) => {
    const files = { 'index.js': logging };
    const told = async (running) => {
      await running.invoke({});
      return (await running.records()).map(withoutTimes);
    };
    assert.deepEqual(await told(await startNode(t, { files, environment })), await told(await theirs(t, files, 'index.handler', environment)));
  });
}
