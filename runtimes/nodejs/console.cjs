// The console as Lambda has it: each call is one record with time, request id and level, in the function's log format.
'use strict';

const fs = require('node:fs');
const { format } = require('node:util');
const { asError, describeError, isError } = require('./errors.cjs');
const settings = require('./settings.cjs');

// By rising severity; a record of the descriptor for logs has the rank in its type.
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

let requestId = settings.takesCallbacks ? undefined : '-';

function setRequestId(id) {
  requestId = id;
}

function expandErrors(_key, value) {
  if (!isError(value)) return value;
  const stackTrace = typeof value.stack === 'string' ? value.stack.split('\n') : value.stack;
  return { errorType: value.constructor?.name ?? 'UnknownError', errorMessage: value.message, stackTrace, ...value };
}

function jsonRecord(time, level, values) {
  const record = { timestamp: time, level, requestId };
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...record, message: values[0] }, expandErrors);
    } catch {
      return JSON.stringify({ ...record, message: format(values[0]) }); // a cycle, or a BigInt
    }
  }
  record.message = format(...values);
  const error = values.find(isError);
  if (error) {
    record.errorType = error.constructor?.name ?? 'UnknownError';
    record.errorMessage = error.message;
    record.stackTrace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
  }
  return JSON.stringify(record);
}

function textRecord(time, level, values) {
  return `${time}\t${requestId}\t${level}\t${format(...values)}`;
}

function writeWhole(descriptor, bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(descriptor, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); // until whoever reads has made room
    }
  }
}

// Type, length, microseconds since 1970, all big-endian, then the text: so that a record may have many lines.
function writeFramed(descriptor, rank, date, text) {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(16 + length);
  frame.writeUInt32BE(((settings.logsJson ? 0xa55a0002 : 0xa55a0003) | ((rank + 1) << 2)) >>> 0, 0);
  frame.writeUInt32BE(length, 4);
  frame.writeBigUInt64BE(BigInt(date.valueOf()) * 1000n, 8);
  frame.write(text, 16);
  writeWhole(descriptor, frame);
}

function log(rank, values) {
  const date = new Date();
  const record = (settings.logsJson ? jsonRecord : textRecord)(date.toISOString(), levels[rank], values);
  if (settings.logDescriptor !== null) {
    writeFramed(settings.logDescriptor, rank, date, settings.logsJson ? record : `${record}\n`);
  } else {
    process.stdout.write(`${record.replaceAll('\n', '\r')}\n`); // a line is an event there
  }
}

function patchConsole() {
  const least = Math.max(0, levels.indexOf(settings.logLevel));
  levels.forEach((level, rank) => {
    const isLogged = rank >= least || level === 'FATAL';
    console[level.toLowerCase()] = isLogged ? (message, ...values) => log(rank, [message, ...values]) : () => {};
  });
  console.log = console.info;
}

// With all that is known of it, of those that caused it too.
function withProperties(_key, value) {
  if (!(value instanceof Error)) return value;
  const whole = { errorType: value.name, errorMessage: value.message, code: value.code, ...value };
  if (typeof value.stack === 'string') whole.stack = value.stack.split('\n');
  return whole;
}

function errorText(error) {
  try {
    return JSON.stringify(error, withProperties);
  } catch {
    return JSON.stringify(describeError(error));
  }
}

// "Invoke Error", and what went wrong.
function logError(occasion, thrown) {
  const error = asError(thrown);
  settings.logsJson ? console.error(error) : console.error(occasion, `\t${errorText(error)}`);
}

module.exports = { logError, patchConsole, setRequestId };
