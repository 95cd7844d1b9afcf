// Errors as the Runtime API and logs are told of them, and those that are the runtime's own.
'use strict';

const { types } = require('node:util');

// The name stands on the prototype, so that the first line of the stack has it.
function named(name) {
  const Named = class extends Error {};
  Named.prototype.name = `Runtime.${name}`;
  return Named;
}

const ImportModuleError = named('ImportModuleError');
const UserCodeSyntaxError = named('UserCodeSyntaxError');
const HandlerNotFound = named('HandlerNotFound');
const MalformedHandlerName = named('MalformedHandlerName');
const MalformedStreamingHandler = named('MalformedStreamingHandler');
const InvalidStreamingOperation = named('InvalidStreamingOperation');
const CallbackHandlerDeprecated = named('CallbackHandlerDeprecated');
const JSONStringifyError = named('JSONStringifyError');

const NodeJsExit = class extends named('NodeJsExit') {
  constructor() {
    super(
      'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. ' +
        'For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
    );
  }
};

const UnhandledPromiseRejection = class extends named('UnhandledPromiseRejection') {
  constructor(reason, promise) {
    super(String(reason));
    this.reason = reason;
    this.promise = promise;
  }
};

// Also of another realm, as the vm module makes them.
function isError(value) {
  return value instanceof Error || types.isNativeError(value);
}

function asError(value) {
  return isError(value) ? value : new Error(String(value));
}

// What posts and trailers carry. Whatever was thrown, this does not throw.
function describeError(error) {
  try {
    if (isError(error)) {
      return { errorType: String(error.name), errorMessage: String(error.message), trace: String(error.stack ?? '').split('\n') };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    };
  }
}

module.exports = {
  CallbackHandlerDeprecated,
  HandlerNotFound,
  ImportModuleError,
  InvalidStreamingOperation,
  JSONStringifyError,
  MalformedHandlerName,
  MalformedStreamingHandler,
  NodeJsExit,
  UnhandledPromiseRejection,
  UserCodeSyntaxError,
  asError,
  describeError,
  isError,
};
