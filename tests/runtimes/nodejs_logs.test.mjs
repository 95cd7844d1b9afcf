// What Node.js functions log: the console as AWS has it, by records on the descriptor for logs or by lines.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNode } from '../support/function_runtimes.mjs';

async function run(t, body, options = {}) {
  const running = await startNode(t, { files: { 'index.js': `exports.handler = async (event, context) => { ${body} }` }, ...options });
  await running.invoke({});
  return running;
}

const json = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('text has time, request id, level and message, also of many lines', async (t) => {
  const { records } = await run(t, 'console.log("one\\ntwo %s", "three", { a: 1 })');
  const [record] = await records();
  const [at, id, level, message] = record.text.split('\t');
  assert.equal(record.type, 'a55a000f');
  assert.match(at, time);
  assert.equal(id, '00000000-0000-4000-8000-000000000001');
  assert.equal(level, 'INFO');
  assert.equal(message, 'one\ntwo three { a: 1 }\n');
});

test('every method has its level', async (t) => {
  const { records } = await run(t, 'for (const method of ["trace", "debug", "info", "log", "warn", "error", "fatal"]) console[method](method)');
  const levels = (await records()).map(({ type, text }) => [type.slice(-2), text.split('\t')[2]]);
  assert.deepEqual(levels, [['07', 'TRACE'], ['0b', 'DEBUG'], ['0f', 'INFO'], ['0f', 'INFO'], ['13', 'WARN'], ['17', 'ERROR'], ['1b', 'FATAL']]);
});

test('JSON has an object, whose message may be any value', async (t) => {
  const { records } = await run(t, 'console.warn({ user: 7 }); console.info("of %d", 2, "parts")', { environment: json });
  const [first, second] = await records();
  const { timestamp, ...rest } = JSON.parse(first.text);
  assert.match(timestamp, time);
  assert.deepEqual(rest, { level: 'WARN', requestId: '00000000-0000-4000-8000-000000000001', message: { user: 7 } });
  assert.equal(first.type, 'a55a0012');
  assert.equal(JSON.parse(second.text).message, 'of 2 parts');
});

test('JSON expands errors', async (t) => {
  const code = 'console.error(Object.assign(new TypeError("bad"), { code: 4 })); console.error("it was", new RangeError("far"))';
  const [alone, beside] = (await (await run(t, code, { environment: json })).records()).map(({ text }) => JSON.parse(text));
  assert.equal(alone.message.errorType, 'TypeError');
  assert.equal(alone.message.errorMessage, 'bad');
  assert.equal(alone.message.code, 4);
  assert.equal(alone.message.stackTrace[0], 'TypeError: bad');
  assert.equal(beside.errorType, 'RangeError');
  assert.equal(beside.errorMessage, 'far');
  assert.match(beside.message, /^it was RangeError: far/);
});

test('JSON takes what JSON has no words for', async (t) => {
  const { records } = await run(t, 'const a = {}; a.a = a; console.log(a); console.log(10n)', { environment: json });
  assert.deepEqual((await records()).map(({ text }) => JSON.parse(text).message), ['<ref *1> { a: [Circular *1] }', '10n']);
});

test('AWS_LAMBDA_LOG_LEVEL drops what is below it, and nothing that is fatal', async (t) => {
  const code = 'console.debug("d"); console.info("i"); console.log("l"); console.warn("w"); console.error("e"); console.fatal("f")';
  const { records } = await run(t, code, { environment: { ...json, AWS_LAMBDA_LOG_LEVEL: 'WARN' } });
  assert.deepEqual((await records()).map(({ text }) => JSON.parse(text).message), ['w', 'e', 'f']);
});

test('without the descriptor each call is one line of standard output', async (t) => {
  const { output } = await run(t, 'console.log("one\\ntwo")', { isFramed: false });
  assert.match(await output(), /^\S+Z\t0{8}-\S+\tINFO\tone\rtwo\n$/);
});

test('a failed invocation is logged with all that is known of its error', async (t) => {
  const { records } = await run(t, 'throw Object.assign(new Error("boom"), { code: "E1", cause: new Error("deep") })');
  const [, text] = /\tERROR\tInvoke Error \t(.*)\n$/s.exec((await records())[0].text);
  const told = JSON.parse(text);
  assert.equal(told.errorType, 'Error');
  assert.equal(told.errorMessage, 'boom');
  assert.equal(told.code, 'E1');
  assert.equal(told.cause.errorMessage, 'deep');
  assert.equal(told.stack[0], 'Error: boom');
});

test('the function does not see the descriptor', async (t) => {
  const { records } = await run(t, 'console.log(process.env._LAMBDA_TELEMETRY_LOG_FD, process.argv.length)');
  assert.match((await records())[0].text, /\tundefined 2\n$/);
});

test('many large records arrive whole', async (t) => {
  const { records } = await run(t, 'for (let i = 0; i < 50; ++i) console.log("x".repeat(100_000))');
  assert.deepEqual((await records()).map(({ text }) => text.split('\t')[3].length), Array(50).fill(100_001));
});
