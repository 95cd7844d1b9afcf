// One event: what its handler is given beside it, and what becomes of what the handler does. Each of the three ways gives a promise that
// is fulfilled when the next event may be asked for.
'use strict';

const { JSONStringifyError, NodeJsExit } = require('./errors.cjs');
const { logError } = require('./console.cjs');
const { ResponseStream, unfinished } = require('./response_stream.cjs');
const settings = require('./settings.cjs');

const { env } = process;

// What is done when the event loop runs empty; see bootstrap.cjs.
const loop = { onEmpty: null };

function parseHeader(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

// Adds to `context` what every handler is told.
function fillContext(context, headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return Object.assign(context, {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parseHeader(headers['lambda-runtime-client-context'], 'ClientContext'),
    identity: parseHeader(headers['lambda-runtime-cognito-identity'], 'CognitoIdentity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  });
}

function serialise(result) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    const message = 'Unable to stringify response body';
    throw settings.takesCallbacks ? new Error(message) : new JSONStringifyError(message);
  }
}

function isPromise(value) {
  return typeof value?.then === 'function';
}

// The event's answer, given once: a second one is ignored.
class Reply {
  constructor(api, id, given) {
    Object.assign(this, { api, id, given, isGiven: false });
  }

  succeed(result) {
    if (this.isGiven) return;
    let body;
    try {
      body = serialise(result);
    } catch (error) {
      return this.fail(error);
    }
    this.#give(() => this.api.respond(this.id, body));
  }

  fail(error) {
    if (this.isGiven) return;
    this.#give(() => {
      logError('Invoke Error', error);
      return this.api.fail(this.id, error);
    });
  }

  #give(post) {
    this.isGiven = true;
    loop.onEmpty = null;
    post().catch(() => {}); // the request for the next event fails likewise
    this.given();
  }
}

// A handler up to Node.js 22: it answers by a promise, by its callback, or by the methods of its context.
function invokeWithCallback(api, handler, { headers, body }) {
  return new Promise((given) => {
    const reply = new Reply(api, headers['lambda-runtime-aws-request-id'], given);
    let isCalled = false;
    const once = (action) => (...values) => {
      if (!isCalled) action(...values);
      isCalled = true;
    };
    let waits = true;
    const done = (error, result) => (error === undefined || error === null ? reply.succeed(result) : reply.fail(error));
    const callback = (error, result) => {
      if (!waits || (error !== undefined && error !== null)) return done(error, result);
      loop.onEmpty = () => setImmediate(() => reply.succeed(result));
    };
    const context = {
      get callbackWaitsForEmptyEventLoop() {
        return waits;
      },
      set callbackWaitsForEmptyEventLoop(value) {
        waits = value;
      },
      succeed: once((result) => reply.succeed(result)),
      fail: once((error) => reply.fail(error ?? 'handled')),
      done: once(done),
    };
    loop.onEmpty = () => (handler.isAsync ? reply.fail(new NodeJsExit()) : reply.succeed(null));
    try {
      const result = handler.call(JSON.parse(body), fillContext(context, headers), once(callback));
      if (isPromise(result)) result.then(context.succeed, context.fail);
    } catch (error) {
      reply.fail(error);
    }
  });
}

// A handler from Node.js 24 on: what it returns is the answer.
function invokeDirectly(api, handler, { headers, body }) {
  return new Promise((given) => {
    const reply = new Reply(api, headers['lambda-runtime-aws-request-id'], given);
    loop.onEmpty = () => reply.fail(new NodeJsExit());
    try {
      const result = handler.call(JSON.parse(body), fillContext({}, headers));
      isPromise(result) ? result.then((value) => reply.succeed(value), (error) => reply.fail(error)) : reply.succeed(result);
    } catch (error) {
      reply.fail(error);
    }
  });
}

// A handler that writes its response. It may go on after its promise is fulfilled, as long as something keeps it going.
async function invokeStreaming(api, handler, { headers, body }, begun) {
  let stream;
  const ended = new Promise((resolve) => {
    stream = new ResponseStream(api, headers['lambda-runtime-aws-request-id'], handler.highWaterMark, resolve);
  });
  begun(stream);
  const fail = (error) => {
    loop.onEmpty = null;
    logError('Invoke Error', error);
    stream.fail(error);
  };
  loop.onEmpty = () => fail(unfinished());
  const context = settings.takesCallbacks ? { callbackWaitsForEmptyEventLoop: true } : {};
  try {
    const result = handler.call(JSON.parse(body), stream, fillContext(context, headers));
    if (!isPromise(result)) throw new Error('Streaming does not support non-async handlers.');
    if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
  } catch (error) {
    fail(error);
  }
  await ended;
  loop.onEmpty = null;
  if (context.callbackWaitsForEmptyEventLoop) await new Promise((resolve) => (loop.onEmpty = () => setImmediate(resolve)));
}

module.exports = { invokeDirectly, invokeStreaming, invokeWithCallback, loop };
