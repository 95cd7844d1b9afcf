// Streaming handlers of the Node.js bootstrap against a scripted Runtime API.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNode } from '../support/function_runtimes.mjs';

async function run(t, body, event = {}, options = {}) {
  const code = `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} }, ${JSON.stringify(options.stream ?? {})})`;
  const running = await startNode(t, { files: { 'index.js': code }, ...options });
  return { ...running, post: await running.invoke(event) };
}

const errorOf = (post) => JSON.parse(Buffer.from(post.trailers['lambda-runtime-function-error-body'], 'base64').toString());

test('a response is sent in chunks, in streaming mode, with trailers announced', async (t) => {
  const { post } = await run(t, 'stream.setContentType("text/plain"); stream.write("one "); stream.write(Buffer.from("two ")); stream.end("three")');
  assert.equal(post.body, 'one two three');
  assert.match(post.path, /\/response$/);
  assert.equal(post.headers['content-type'], 'text/plain');
  assert.equal(post.headers['lambda-runtime-function-response-mode'], 'streaming');
  assert.equal(post.headers['transfer-encoding'], 'chunked');
  const announced = post.raw.filter((_, i) => post.raw[i - 1] === 'Trailer');
  assert.deepEqual(announced, ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body']);
  assert.deepEqual(post.trailers, {});
});

test('without a content type it is application/octet-stream; objects are written as JSON', async (t) => {
  const { post } = await run(t, 'stream.write({ a: 1 }); stream.end()');
  assert.equal(post.headers['content-type'], 'application/octet-stream');
  assert.equal(post.body, '{"a":1}');
});

test('each part leaves when it is written', async (t) => {
  const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    const alive = setInterval(() => {}, 1000);
    const told = new Promise((go) => process.once("SIGUSR2", go));
    stream.write("first");
    await told;
    clearInterval(alive);
    stream.end("second");
  })`;
  const running = await startNode(t, { files: { 'index.js': code } });
  const arrived = new Promise((resolve) => (running.api.onPart = resolve));
  const post = running.invoke({});
  assert.equal(await arrived, 'first');
  running.signal('SIGUSR2');
  assert.equal((await post).body, 'firstsecond');
});

test('a pipeline ends when the platform has the whole response', async (t) => {
  const { post } = await run(t, 'const { pipeline } = require("stream/promises"); await pipeline(require("stream").Readable.from(["a", "b", "c"]), stream)');
  assert.equal(post.body, 'abc');
});

test('a writer is held back while nobody reads', async (t) => {
  const code = `const part = Buffer.alloc(64 * 1024);
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      for (let i = 0; i < 1024; ++i) {
        if (stream.write(part)) continue;
        const drained = new Promise((go) => stream.once("drain", go));
        const late = setTimeout(() => console.log("held at", i), 300);
        await drained;
        clearTimeout(late);
      }
      stream.end();
    })`;
  const running = await startNode(t, { files: { 'index.js': code } });
  running.api.isReading = false;
  const post = running.invoke({});
  const [, parts] = await running.logged(/held at (\d+)/);
  assert.ok(Number(parts) < 512, `${parts} of 1024 parts were taken though nobody read`);
  running.api.read();
  assert.equal((await post).body.length, 64 * 1024 * 1024);
});

test('highWaterMark is the stream\'s', async (t) => {
  const { post } = await run(t, 'stream.end(String(stream.writableHighWaterMark))', {}, { stream: { highWaterMark: 5 } });
  assert.equal(post.body, '5');
});

test('HttpResponseStream puts its metadata and eight zero bytes before the first part', async (t) => {
  const { post } = await run(
    t,
    'stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { "x-a": "b" } }); stream.write("hello"); stream.end()',
  );
  assert.equal(post.headers['content-type'], 'application/vnd.awslambda.http-integration-response');
  assert.equal(post.body, `{"statusCode":201,"headers":{"x-a":"b"}}${'\0'.repeat(8)}hello`);
});

test('metadata goes with an empty first part, and with none at all stays away, as on AWS', async (t) => {
  const from = 'stream = awslambda.HttpResponseStream.from(stream, { statusCode: 204 });';
  assert.equal((await run(t, `${from} stream.write(""); stream.end()`)).post.body, `{"statusCode":204}${'\0'.repeat(8)}`);
  assert.equal((await run(t, `${from} stream.end()`)).post.body, '');
});

test('an error in the middle is told by trailers, after what was written', async (t) => {
  const { post, invoke, records } = await run(t, 'stream.write("begun"); throw new TypeError("midway")');
  assert.equal(post.body, 'begun');
  assert.equal(post.trailers['lambda-runtime-function-error-type'], 'TypeError');
  assert.equal(errorOf(post).errorType, 'TypeError');
  assert.equal(errorOf(post).errorMessage, 'midway');
  assert.equal((await invoke({})).body, 'begun');
  assert.match((await records())[0].text, /\tERROR\tInvoke Error \t\{"errorType":"TypeError"/);
});

test('an error before the first part is told by trailers too', async (t) => {
  const { post } = await run(t, 'throw new Error("early")');
  assert.equal(post.body, '');
  assert.equal(errorOf(post).errorMessage, 'early');
});

test('of a long error the beginning is told by trailers', async (t) => {
  const { post } = await run(t, 'throw new Error("\\u0001".repeat(100_000))');
  assert.equal(errorOf(post).errorMessage, '\u0001'.repeat(1024));
});

test('a stream that the handler destroys ends by its error', async (t) => {
  const { post } = await run(t, 'stream.on("error", () => {}); stream.write("x"); stream.destroy(new Error("gone")); await new Promise((go) => stream.once("close", go))');
  assert.equal(errorOf(post).errorMessage, 'gone');
});

test('a pipeline whose source fails ends by its error', async (t) => {
  const { post, invoke } = await run(
    t,
    `if (event.good) return void stream.end("good");
     async function* source() { yield "some"; throw new RangeError("source"); }
     await require("stream/promises").pipeline(source, stream)`,
  );
  assert.equal(post.body, 'some');
  assert.equal(errorOf(post).errorType, 'RangeError');
  assert.equal((await invoke({ good: true })).body, 'good');
});

test('a response that is never ended fails when nothing can end it any more', async (t) => {
  const { post } = await run(t, 'stream.write("half")');
  assert.equal(post.body, 'half');
  assert.equal(errorOf(post).errorMessage, 'Response stream is not finished.');
});

test('a handler that gives no promise is refused', async (t) => {
  const running = await startNode(t, { files: { 'index.js': 'exports.handler = awslambda.streamifyResponse(() => 1)' } });
  assert.equal(errorOf(await running.invoke({})).errorMessage, 'Streaming does not support non-async handlers.');
});

test('an exception nobody catches is told by trailers, and the process ends', async (t) => {
  const { post, ended } = await run(t, 'stream.write("x"); setTimeout(() => { throw new Error("outside"); }, 1); await new Promise(() => {})');
  assert.equal(errorOf(post).errorMessage, 'outside');
  assert.equal(await ended(), 129);
});

test('an exception after the response ended ends the process alone', async (t) => {
  const { post, ended } = await run(t, 'stream.end("whole"); setTimeout(() => { throw new Error("late"); }, 50)');
  assert.equal(post.body, 'whole');
  assert.deepEqual(post.trailers, {});
  assert.equal(await ended(), 129);
});

test('a content type after the first part is refused', async (t) => {
  const { post } = await run(t, 'stream.write("x"); try { stream.setContentType("text/html") } catch (error) { stream.end(error.name) }');
  assert.equal(post.body, 'xRuntime.InvalidStreamingOperation');
});
