// Runs a Node.js function: asks the Runtime API for its events, one after the other, hands each to the handler, and posts what comes of
// it. Started as `node bootstrap.cjs LIBRARY`, LIBRARY being the folder whose node_modules holds the AWS SDK, or "".
'use strict';

const { leadApiNamesTo } = require('./api_names.cjs');
const { trustLate } = require('./certificates.cjs');
const { logError, patchConsole, setRequestId } = require('./console.cjs');
const { UnhandledPromiseRejection } = require('./errors.cjs');
const { loadHandler, streamifyResponse } = require('./handler.cjs');
const { invokeDirectly, invokeStreaming, invokeWithCallback, loop } = require('./invocation.cjs');
const { HttpResponseStream } = require('./response_stream.cjs');
const { RuntimeApi } = require('./runtime_api.cjs');
const sdk = require('./sdk.cjs');
const settings = require('./settings.cjs');

const api = new RuntimeApi(settings.runtimeApi);
const phase = { isLoaded: false, id: null, stream: null }; // of the event that is being handled, its id and its response

// Something was thrown where nobody catches: it is told, and the process ends. It is another one that has the next event.
function abort(occasion, error, status) {
  logError(occasion, error);
  const end = () => process.exit(status);
  if (phase.stream?.destroyed) return end(); // its response has ended
  if (phase.stream) return phase.stream.once('close', end).fail(error);
  if (!phase.isLoaded) return void api.failInit(error).then(end, end);
  if (phase.id === null) return end();
  api.fail(phase.id, error).then(end, end);
}

function setTrace(header) {
  if (header) process.env._X_AMZN_TRACE_ID = header;
  else delete process.env._X_AMZN_TRACE_ID;
}

async function serve(handler) {
  const invoke = handler.isStreaming ? invokeStreaming : settings.takesCallbacks ? invokeWithCallback : invokeDirectly;
  for (;;) {
    const event = await api.next();
    phase.id = event.headers['lambda-runtime-aws-request-id'];
    setRequestId(phase.id);
    setTrace(event.headers['lambda-runtime-trace-id']);
    await invoke(api, handler, event, (stream) => (phase.stream = stream));
    phase.id = phase.stream = null;
  }
}

async function run() {
  let handler;
  try {
    handler = await loadHandler(settings.handler);
  } catch (error) {
    return abort('Uncaught Exception', error, 129);
  }
  phase.isLoaded = true;
  await serve(handler).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}

const [library] = process.argv.splice(2);
sdk.offer(library ?? '');
trustLate();
leadApiNamesTo(settings.endpoint);
patchConsole();
if (settings.hasGlobal) globalThis.awslambda = { ...globalThis.awslambda, HttpResponseStream, streamifyResponse };
process.on('uncaughtException', (error) => abort('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason, promise) => {
  abort('Unhandled Promise Rejection', new UnhandledPromiseRejection(reason, promise), 128);
});
process.on('beforeExit', () => loop.onEmpty?.());
run();
