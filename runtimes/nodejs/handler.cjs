// Finds the handler that a function's configuration names: "src/app.handlers.get" is get of handlers of what src/app.js (or .mjs, .cjs)
// exports.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const errors = require('./errors.cjs');
const settings = require('./settings.cjs');

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

function streamifyResponse(handler, options) {
  handler[streaming] = 'response';
  if (typeof options?.highWaterMark === 'number') handler[highWaterMark] = Math.trunc(options.highWaterMark);
  return handler;
}

// {folder, module, exports}: "src/app.handlers.get" is ["src", "app", ["handlers", "get"]].
function parseName(name) {
  if (name.includes('..')) {
    throw new errors.MalformedHandlerName(
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(name);
  const dot = base.indexOf('.');
  if (dot < 0) throw new errors.MalformedHandlerName('Bad handler');
  return { folder: name.slice(0, name.indexOf(base)), module: base.slice(0, dot), exports: base.slice(dot + 1).split('.') };
}

// Whether .js files there are ES modules: what the nearest package.json says.
function hasModules(folder) {
  if (path.basename(folder) === 'node_modules') return false;
  let text;
  try {
    text = fs.readFileSync(path.join(folder, 'package.json'), 'utf8');
  } catch {
    const above = path.dirname(folder);
    return above !== folder && hasModules(above);
  }
  try {
    return JSON.parse(text)?.type === 'module';
  } catch (error) {
    console.warn(`${path.join(folder, 'package.json')} cannot be read, it will be ignored for ES module detection purposes.`, error);
    return false;
  }
}

async function loadModule({ folder, module }) {
  const file = path.resolve(settings.root, folder, module);
  if (isFile(file)) return require(file);
  if (isFile(`${file}.js`)) return hasModules(path.dirname(file)) ? importFile(`${file}.js`) : require(`${file}.js`);
  if (isFile(`${file}.mjs`)) return importFile(`${file}.mjs`);
  if (isFile(`${file}.cjs`)) return require(`${file}.cjs`);
  return require(require.resolve(module, { paths: [settings.root, path.resolve(settings.root, folder)] }));
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function importFile(file) {
  require('./sdk.cjs').offerTo(file);
  return import(pathToFileURL(file).href);
}

function find(object, names) {
  return names.reduce((value, name) => value?.[name], object);
}

// The handler and how it is called.
async function loadHandler(name) {
  const parsed = parseName(name);
  let module;
  try {
    module = await loadModule(parsed);
  } catch (error) {
    if (error instanceof SyntaxError) throw new errors.UserCodeSyntaxError(error);
    if (error?.code === 'MODULE_NOT_FOUND') throw new errors.ImportModuleError(error);
    throw error;
  }
  // Of an ES module's default export too, as Node.js 24's runtime has it.
  const handler = find(module, parsed.exports) ?? (settings.takesCallbacks ? undefined : find(module.default, parsed.exports));
  if (!handler) throw new errors.HandlerNotFound(`${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new errors.HandlerNotFound(`${name} is not a function`);
  return describe(handler);
}

function describe(handler) {
  if (handler[streaming] && handler[streaming] !== 'response') {
    throw new errors.MalformedStreamingHandler('Only response streaming is supported.');
  }
  const isStreaming = handler[streaming] === 'response';
  if (!settings.takesCallbacks && !isStreaming && handler.length >= 3) {
    throw new errors.CallbackHandlerDeprecated(
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this ' +
        'function to use a supported handler signature to use Node.js 24 or later. For more information see ' +
        'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
    );
  }
  return { call: handler, isStreaming, isAsync: handler.constructor?.name === 'AsyncFunction', highWaterMark: handler[highWaterMark] };
}

module.exports = { loadHandler, streamifyResponse };
