// The Node.js bootstrap against a scripted Runtime API: handlers as people write them, their context and their errors.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startNode } from '../support/function_runtimes.mjs';

const answerOf = async (post) => JSON.parse((await post).body);

async function run(t, code, event = {}, options = {}) {
  const running = await startNode(t, { files: { 'index.js': code }, ...options });
  const post = await running.invoke(event, options.headers);
  return { ...running, post, answer: JSON.parse(post.body) };
}

test('an async handler answers with what it returns', async (t) => {
  const { post, answer } = await run(t, 'exports.handler = async (event) => ({ sum: event.a + event.b, text: "é😀" })', { a: 1, b: 2 });
  assert.match(post.path, /\/2018-06-01\/runtime\/invocation\/[0-9a-f-]+\/response$/);
  assert.deepEqual(answer, { sum: 3, text: 'é😀' });
});

test('what is undefined answers null', async (t) => {
  assert.equal((await run(t, 'exports.handler = async () => {}')).post.body, 'null');
});

test('one connection carries every invocation', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'let n = 0; exports.handler = async () => ++n' } });
  for (let n = 1; n <= 20; ++n) assert.equal(await answerOf(running.invoke({})), n);
  assert.equal(running.api.connections, 1);
});

test('a connection that was closed meanwhile is opened anew', async (t) => {
  const code = 'exports.handler = async () => { while (!require("fs").existsSync("go")) await new Promise((go) => setTimeout(go, 10)); return 1; }';
  const running = await startNode(t, { files: { 'index.js': code } });
  await running.api.taken(() => running.invoke({}));
  await running.api.drop();
  fs.writeFileSync(path.join(running.folder, 'go'), '');
  assert.equal((await running.posted('00000000-0000-4000-8000-000000000001')).body, '1');
  assert.equal(running.api.connections, 2);
});

test('nor is an answer lost when the handler left no time to notice', async (t) => {
  const code = 'const fs = require("fs"); exports.handler = async () => { while (!fs.existsSync("go")) ; return 1; }';
  const running = await startNode(t, { files: { 'index.js': code } });
  await running.api.taken(() => running.invoke({}));
  await running.api.destroy();
  fs.writeFileSync(path.join(running.folder, 'go'), '');
  assert.equal((await running.posted('00000000-0000-4000-8000-000000000001')).body, '1');
});

test('events and answers of megabytes arrive whole', async (t) => {
  const { answer } = await run(t, 'exports.handler = async (event) => event', { text: 'é'.repeat(2_000_000) });
  assert.equal(answer.text.length, 2_000_000);
});

test('a handler up to Node.js 22 calls back, and the rest of the event loop is waited for', async (t) => {
  const code = `let later = false;
    exports.handler = (event, context, callback) => { setTimeout(() => { later = true; }, 20); callback(null, { toJSON: () => later }); }`;
  assert.equal((await run(t, code)).answer, true);
});

test('callbackWaitsForEmptyEventLoop = false answers at once', async (t) => {
  const code = `let later = false;
    exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setTimeout(() => { later = true; }, 50);
      callback(null, later);
    }`;
  assert.equal((await run(t, code)).answer, false);
});

test('a callback with an error fails the invocation', async (t) => {
  const { post, answer } = await run(t, 'exports.handler = (event, context, callback) => callback(new TypeError("no"))');
  assert.match(post.path, /\/error$/);
  assert.equal(post.headers['lambda-runtime-function-error-type'], 'TypeError');
  assert.equal(answer.errorType, 'TypeError');
  assert.equal(answer.errorMessage, 'no');
  assert.equal(answer.trace[0], 'TypeError: no');
});

test('a handler up to Node.js 22 that never calls back answers null; what it returns is ignored', async (t) => {
  assert.equal((await run(t, 'exports.handler = () => 1')).answer, null);
});

test('context.succeed, fail and done answer up to Node.js 22, the first of them', async (t) => {
  assert.equal((await run(t, 'exports.handler = (e, c) => { c.succeed("yes"); c.fail("no"); }')).answer, 'yes');
  assert.equal((await run(t, 'exports.handler = (e, c) => c.fail()')).answer.errorMessage, 'handled');
  assert.equal((await run(t, 'exports.handler = (e, c) => c.done(null, 7)')).answer, 7);
});

test('from Node.js 24 on a sync handler answers with what it returns, and the context has no callbacks', async (t) => {
  const options = { runtime: 'nodejs24.x' };
  const code = 'exports.handler = (e, c) => [1, c.done, c.succeed, c.fail, c.callbackWaitsForEmptyEventLoop].map((x) => typeof x)';
  assert.deepEqual((await run(t, code, {}, options)).answer, ['number', 'undefined', 'undefined', 'undefined', 'undefined']);
});

test('Node.js 24 refuses a handler that takes a callback', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'exports.handler = (e, c, callback) => {}' }, runtime: 'nodejs24.x' });
  const post = await running.posted('init');
  assert.equal(JSON.parse(post.body).errorType, 'Runtime.CallbackHandlerDeprecated');
  assert.match(JSON.parse(post.body).errorMessage, /^ERROR: AWS Lambda has removed support for callback-based function handlers/);
});

test('a handler is given the context that AWS gives', async (t) => {
  const headers = {
    'Lambda-Runtime-Client-Context': '{"custom":{"who":"me"}}',
    'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId":"id"}',
    'Lambda-Runtime-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
  };
  const code = 'exports.handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID })';
  const { answer } = await run(t, code, {}, { headers });
  assert.equal(answer.functionName, 'tested');
  assert.equal(answer.functionVersion, '$LATEST');
  assert.equal(answer.memoryLimitInMB, '128');
  assert.equal(answer.logGroupName, '/aws/lambda/tested');
  assert.equal(answer.logStreamName, '2026/11/26/[$LATEST]0123');
  assert.equal(answer.invokedFunctionArn, 'arn:aws:lambda:us-east-1:000000000000:function:tested');
  assert.match(answer.awsRequestId, /^0{8}-/);
  assert.equal(answer.callbackWaitsForEmptyEventLoop, true);
  assert.deepEqual(answer.clientContext, { custom: { who: 'me' } });
  assert.deepEqual(answer.identity, { cognitoIdentityId: 'id' });
  assert.equal(answer.trace, headers['Lambda-Runtime-Trace-Id']);
  assert.ok(answer.left > 0 && answer.left <= 3_000);
});

test('the trace header is each invocation\'s own', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'exports.handler = async () => process.env._X_AMZN_TRACE_ID ?? "none"' } });
  assert.equal(await answerOf(running.invoke({}, { 'Lambda-Runtime-Trace-Id': 'Root=1' })), 'Root=1');
  assert.equal(await answerOf(running.invoke({})), 'none');
});

test('handlers lie in folders, behind names, in CommonJS and in ES modules with top-level await', async (t) => {
  const files = {
    'src/app.js': 'exports.handlers = { get: async () => "cjs" }',
    'esm.mjs': 'const said = await Promise.resolve("mjs"); export const handler = async () => said;',
    'typed/package.json': '{"type":"module"}',
    'typed/main.js': 'export const handler = async () => "type module"; export default { inner: async () => "default" }',
    'own.cjs': 'exports.handler = async () => "cjs extension"',
  };
  const said = async (handler, runtime) => answerOf((await startNode(t, { files, handler, runtime })).invoke({}));
  assert.equal(await said('src/app.handlers.get'), 'cjs');
  assert.equal(await said('esm.handler'), 'mjs');
  assert.equal(await said('typed/main.handler'), 'type module');
  assert.equal(await said('own.handler'), 'cjs extension');
  assert.equal(await said('typed/main.inner', 'nodejs24.x'), 'default');
});

test('what cannot be loaded is told in AWS\'s words, with status 129', async (t) => {
  const files = {
    'index.js': 'exports.handler = 1; exports.other = async () => {}',
    'broken.js': 'exports.handler = async () => {',
    'lacking.js': 'require("is-not-there")',
    'throwing.js': 'throw new RangeError("at load")',
  };
  const failed = async (handler) => {
    const running = await startNode(t, { files, handler });
    const post = await running.posted('init');
    assert.equal(post.path, '/2018-06-01/runtime/init/error');
    assert.equal(await running.ended(), 129);
    const told = JSON.parse(post.body);
    assert.equal(post.headers['lambda-runtime-function-error-type'], told.errorType);
    return `${told.errorType}|${told.errorMessage.split('\n')[0]}`;
  };
  assert.equal(await failed('index.missing'), 'Runtime.HandlerNotFound|index.missing is undefined or not exported');
  assert.equal(await failed('index.handler'), 'Runtime.HandlerNotFound|index.handler is not a function');
  assert.equal(await failed('nowhere.handler'), "Runtime.ImportModuleError|Error: Cannot find module 'nowhere'");
  assert.equal(await failed('lacking.handler'), "Runtime.ImportModuleError|Error: Cannot find module 'is-not-there'");
  assert.match(await failed('broken.handler'), /^Runtime\.UserCodeSyntaxError\|SyntaxError: /);
  assert.equal(await failed('throwing.handler'), 'RangeError|at load');
  assert.equal(await failed('index'), 'Runtime.MalformedHandlerName|Bad handler');
  assert.match(await failed('../index.handler'), /^Runtime\.MalformedHandlerName\|'\.\.\/index\.handler' is not a valid handler name\./);
});

test('a rejection nobody handles fails the invocation and ends the process', async (t) => {
  const code = 'exports.handler = async () => { Promise.reject(new Error("lost")); await new Promise(() => setInterval(() => {}, 1000)); }';
  const { answer, ended } = await run(t, code);
  assert.equal(answer.errorType, 'Runtime.UnhandledPromiseRejection');
  assert.equal(answer.errorMessage, 'Error: lost');
  assert.equal(await ended(), 128);
});

test('an exception nobody catches fails the invocation and ends the process', async (t) => {
  const code = 'exports.handler = async () => { setTimeout(() => { throw new Error("thrown"); }, 1); await new Promise(() => {}); }';
  const { answer, ended, records } = await run(t, code);
  assert.equal(answer.errorMessage, 'thrown');
  assert.equal(await ended(), 129);
  assert.match((await records())[0].text, /\tERROR\tUncaught Exception \t\{"errorType":"Error","errorMessage":"thrown","stack":\[/);
});

test('a promise that can never be settled is told, and the next event is served', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'exports.handler = async (event) => event.hang ? new Promise(() => {}) : "served"' } });
  assert.equal((await answerOf(running.invoke({ hang: true }))).errorType, 'Runtime.NodeJsExit');
  assert.equal(await answerOf(running.invoke({})), 'served');
});

test('a result that is no JSON fails the invocation', async (t) => {
  assert.equal((await run(t, 'exports.handler = async () => 1n')).answer.errorMessage, 'Unable to stringify response body');
  const options = { runtime: 'nodejs24.x' };
  assert.equal((await run(t, 'exports.handler = async () => 1n', {}, options)).answer.errorType, 'Runtime.JSONStringifyError');
});

test('what is thrown may be anything', async (t) => {
  const { answer } = await run(t, 'exports.handler = async () => { throw "just text"; }');
  assert.deepEqual(answer, { errorType: 'string', errorMessage: 'just text', trace: [] });
  const { post } = await run(t, 'exports.handler = async () => { throw Object.assign(new Error("x"), { name: "Two\\r\\nlines: 1" }); }');
  assert.equal(post.headers['lambda-runtime-function-error-type'], 'Two??lines: 1');
});

test('process.exit in a handler ends the process with its status', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'exports.handler = async () => process.exit(3)' } });
  running.invoke({}).catch(() => {});
  assert.equal(await running.ended(), 3);
});
