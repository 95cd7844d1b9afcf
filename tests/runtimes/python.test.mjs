// The Python bootstrap against a scripted Runtime API: handlers, their context, their errors and what they log.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startPython } from '../support/function_runtimes.mjs';

async function run(t, code, event = {}, options = {}) {
  const running = await startPython(t, { files: { 'main.py': code }, ...options });
  const post = await running.invoke(event, options.headers);
  return { ...running, post, answer: JSON.parse(post.body) };
}

test('a handler answers with what it returns', async (t) => {
  const { post, answer } = await run(t, 'def handler(event, context):\n  return {"sum": event["a"] + event["b"], "text": "é😀"}', { a: 1, b: 2 });
  assert.match(post.path, /\/invocation\/[0-9a-f-]+\/response$/);
  assert.equal(post.headers['content-type'], 'application/json');
  assert.deepEqual(answer, { sum: 3, text: 'é😀' });
});

test('text is escaped before Python 3.12, and not from there on', async (t) => {
  const code = 'def handler(event, context):\n  return "é"';
  assert.equal((await run(t, code)).post.body, '"é"');
  assert.equal((await run(t, code, {}, { runtime: 'python3.11' })).post.body, '"\\u00e9"');
});

test('one connection carries every invocation', async (t) => {
  const running = await startPython(t, { files: { 'main.py': 'n = 0\ndef handler(event, context):\n  global n\n  n += 1\n  return n' } });
  for (let n = 1; n <= 20; ++n) assert.equal((await running.invoke({})).body, String(n));
  assert.equal(running.api.connections, 1);
});

test('a connection that was closed meanwhile is opened anew', async (t) => {
  const code = `import os, time\ndef handler(event, context):\n  while not os.path.exists("go"): time.sleep(0.01)\n  return 1`;
  const running = await startPython(t, { files: { 'main.py': code } });
  await running.api.taken(() => running.invoke({}));
  await running.api.drop();
  fs.writeFileSync(path.join(running.folder, 'go'), '');
  assert.equal((await running.posted('00000000-0000-4000-8000-000000000001')).body, '1');
  assert.equal(running.api.connections, 2);
});

test('events and answers of megabytes arrive whole', async (t) => {
  const { answer } = await run(t, 'def handler(event, context):\n  return event', { text: 'é'.repeat(2_000_000) });
  assert.equal(answer.text.length, 2_000_000);
});

test('a Decimal is answered as the number it is', async (t) => {
  const code = 'from decimal import Decimal\ndef handler(event, context):\n  return {"a": Decimal("0.10"), "b": [Decimal("12345678901234567890.5")]}';
  assert.equal((await run(t, code)).post.body, '{"a": 0.10, "b": [12345678901234567890.5]}');
});

test('bytes are answered as they are', async (t) => {
  const { post } = await run(t, 'def handler(event, context):\n  return b"[1]"');
  assert.equal(post.headers['content-type'], 'application/unknown');
  assert.equal(post.body, '[1]');
});

test('a handler is given the context that AWS gives', async (t) => {
  const headers = {
    'Lambda-Runtime-Client-Context': '{"custom":{"who":"me"},"client":{"app_title":"T"}}',
    'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}',
    'Lambda-Runtime-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
  };
  const code = `import os
def handler(event, c):
  return [c.aws_request_id, c.function_name, c.function_version, c.memory_limit_in_mb, c.log_group_name, c.log_stream_name,
          c.invoked_function_arn, c.client_context.custom, c.client_context.client.app_title, c.identity.cognito_identity_id,
          c.identity.cognito_identity_pool_id, 0 < c.get_remaining_time_in_millis() <= 3000, os.environ['_X_AMZN_TRACE_ID']]`;
  assert.deepEqual((await run(t, code, {}, { headers })).answer, [
    '00000000-0000-4000-8000-000000000001', 'tested', '$LATEST', '128', '/aws/lambda/tested', '2026/11/26/[$LATEST]0123',
    'arn:aws:lambda:us-east-1:000000000000:function:tested', { who: 'me' }, 'T', 'id', 'pool', true, headers['Lambda-Runtime-Trace-Id'],
  ]);
});

test('without a client the context has none, and an identity without values', async (t) => {
  const code = 'def handler(event, c):\n  return [c.client_context, c.identity.cognito_identity_id]';
  assert.deepEqual((await run(t, code)).answer, [null, null]);
});

test('handlers lie in packages, by dots or slashes, and a function\'s own modules come first', async (t) => {
  const files = { 'pkg/__init__.py': '', 'pkg/mod.py': 'import errors\ndef get(event, context):\n  return errors.said', 'errors.py': 'said = "own"' };
  for (const handler of ['pkg.mod.get', 'pkg/mod.get']) {
    const running = await startPython(t, { files, handler });
    assert.equal((await running.invoke({})).body, '"own"');
  }
});

test('a function finds its own folder and the standard library, and not the runtime', async (t) => {
  const code = 'import importlib.util, sys, os\ndef handler(event, context):\n  return [sys.path[0] == os.getcwd(), importlib.util.find_spec("bootstrap") is None]';
  assert.deepEqual((await run(t, code)).answer, [true, true]);
  assert.deepEqual((await run(t, code, {}, { environment: { PYTHONSAFEPATH: '1' } })).answer, [true, true]);
});

test('an exception fails the invocation with the function\'s own frames', async (t) => {
  const { post, answer, folder, records } = await run(t, 'def inner():\n  raise KeyError("k")\ndef handler(event, context):\n  inner()');
  assert.match(post.path, /\/error$/);
  assert.equal(post.headers['lambda-runtime-function-error-type'], 'KeyError');
  assert.equal(answer.errorType, 'KeyError');
  assert.equal(answer.errorMessage, "'k'");
  assert.equal(answer.requestId, '00000000-0000-4000-8000-000000000001');
  assert.deepEqual(answer.stackTrace.map((entry) => entry.split('\n')[0]), [
    `  File "${folder}/main.py", line 4, in handler`,
    `  File "${folder}/main.py", line 2, in inner`,
  ]);
  const [record] = await records();
  assert.equal(record.type, 'a55a0017');
  assert.match(record.text, /^\[ERROR\] KeyError: 'k'\nTraceback \(most recent call last\):\n\u00a0\u00a0File "/);
});

test('a result that is no JSON, and an event that is none, fail the invocation', async (t) => {
  const { answer } = await run(t, 'import datetime\ndef handler(event, context):\n  return datetime.date(2026, 1, 1)');
  assert.equal(answer.errorType, 'Runtime.MarshalError');
  assert.equal(answer.errorMessage, 'Unable to marshal response: Object of type date is not JSON serializable');
  assert.equal((await run(t, 'def handler(event, context):\n  pass', '{"a":')).answer.errorType, 'Runtime.UnmarshalError');
});

test('what cannot be loaded is told in AWS\'s words', async (t) => {
  const files = {
    'main.py': 'x = 1',
    'broken.py': 'def handler(:\n',
    'lacking.py': 'import is_not_there',
    'throwing.py': 'raise ValueError("at load")',
  };
  const failed = async (handler) => {
    const running = await startPython(t, { files, handler });
    const post = await running.posted('init');
    assert.equal(post.path, '/2018-06-01/runtime/init/error');
    assert.equal(await running.ended(), 1);
    const told = JSON.parse(post.body);
    assert.equal(post.headers['lambda-runtime-function-error-type'], told.errorType);
    return `${told.errorType}|${told.errorMessage}`;
  };
  assert.equal(await failed('main.missing'), "Runtime.HandlerNotFound|Handler 'missing' missing on module 'main'");
  assert.equal(await failed('nowhere.handler'), "Runtime.ImportModuleError|Unable to import module 'nowhere': No module named 'nowhere'");
  assert.equal(await failed('lacking.handler'), "Runtime.ImportModuleError|Unable to import module 'lacking': No module named 'is_not_there'");
  assert.match(await failed('broken.handler'), /^Runtime\.UserCodeSyntaxError\|Syntax error in module 'broken': /);
  assert.equal(await failed('throwing.handler'), 'ValueError|at load');
  assert.equal(await failed('sys.handler'), 'Runtime.BuiltInModuleConflict|Cannot use built-in module sys as a handler module');
  assert.equal(await failed('main'), "Runtime.MalformedHandlerName|Bad handler 'main': not enough values to unpack (expected 2, got 1)");
});

test('sys.exit in a handler ends the process with its status', async (t) => {
  const running = await startPython(t, { files: { 'main.py': 'import sys\ndef handler(event, context):\n  sys.exit(3)' } });
  running.invoke({}).catch(() => {});
  assert.equal(await running.ended(), 3);
});

const json = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };
const logging = (body) => `import logging\nlogger = logging.getLogger("mine")\ndef handler(event, context):\n${body.replace(/^/gm, '  ')}`;

test('logging writes level, time, request id and message; below WARNING nothing', async (t) => {
  const { records } = await run(t, logging('logger.info("quiet")\nlogger.warning("two\\n%s", "lines")'));
  const told = await records();
  assert.equal(told.length, 1);
  assert.match(told[0].text, /^\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t0{8}-0000-4000-8000-000000000001\ttwo\nlines\n$/);
});

test('a function sets the level of the root logger', async (t) => {
  const { records } = await run(t, logging('logging.getLogger().setLevel(logging.INFO)\nlogger.info("heard")'));
  assert.match((await records())[0].text, /^\[INFO\]\t.*\theard\n$/);
});

test('JSON has an object, with what `extra` gives and what was thrown', async (t) => {
  const code = 'logger.error("%d parts", 2, extra={"user": 7})\ntry:\n  raise TypeError("bad")\nexcept TypeError:\n  logger.exception("it was")';
  const [first, second] = (await (await run(t, logging(code), {}, { environment: json })).records()).map(({ type, text }) => ({ type, ...JSON.parse(text) }));
  const { timestamp, ...rest } = first;
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const requestId = '00000000-0000-4000-8000-000000000001';
  assert.deepEqual(rest, { type: 'a55a0016', level: 'ERROR', message: '2 parts', logger: 'mine', requestId, user: 7 });
  assert.equal(second.errorType, 'TypeError');
  assert.equal(second.errorMessage, 'bad');
  assert.match(second.location, /main\.py:handler:\d+$/);
  assert.match(second.stackTrace[0], /main\.py", line \d+, in handler/);
});

test('AWS_LAMBDA_LOG_LEVEL sets the level', async (t) => {
  const environment = { ...json, AWS_LAMBDA_LOG_LEVEL: 'INFO' };
  const { records } = await run(t, logging('logger.debug("d")\nlogger.info("i")'), {}, { environment });
  assert.deepEqual((await records()).map(({ text }) => JSON.parse(text).message), ['i']);
});

test('a failed invocation is logged in JSON', async (t) => {
  const { records } = await run(t, 'def handler(event, context):\n  raise ValueError("v")', {}, { environment: json });
  const { log_level, errorType, errorMessage, requestId } = JSON.parse((await records())[0].text);
  assert.deepEqual([log_level, errorType, errorMessage, requestId], ['ERROR', 'ValueError', 'v', '00000000-0000-4000-8000-000000000001']);
});

test('without the descriptor records are lines of standard output, and print is always', async (t) => {
  const { output } = await run(t, logging('print("printed")\nlogger.warning("logged")'), {}, { isFramed: false });
  assert.match(await output(), /^printed\n\[WARNING\]\t.*\tlogged\n$/);
});

test('context.log writes what it is given', async (t) => {
  const { records } = await run(t, 'def handler(event, context):\n  context.log("as it is")');
  assert.deepEqual(await records(), [{ type: 'a55a0003', text: 'as it is' }]);
});
