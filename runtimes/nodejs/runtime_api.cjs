// The Runtime API as its client: one kept connection, over which requests may follow each other before the first is answered. Written over
// sockets because each invocation waits for it: node:http takes several times as long to load and to send.
'use strict';

const net = require('node:net');
const { describeError } = require('./errors.cjs');

const prefix = '/2018-06-01/runtime';
const readBytes = 64 * 1024;
const trailerBytes = 10 * 1024; // of what is encoded in base64 there

// Takes answers of HTTP/1.1 out of what arrives. They have a Content-Length, or no body.
class AnswerReader {
  #onAnswer;
  #held = null; // the beginning of a head
  #head = null; // of the answer whose body arrives
  #body = null;
  #filled = 0;

  constructor(onAnswer) {
    this.#onAnswer = onAnswer;
  }

  // `bytes` are the caller's again when this returns.
  read(bytes) {
    while (bytes.length > 0) bytes = this.#head ? this.#readBody(bytes) : this.#readHead(bytes);
  }

  #readHead(bytes) {
    if (this.#held) bytes = Buffer.concat([this.#held, bytes]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) {
      this.#held = Buffer.from(bytes);
      return bytes.subarray(bytes.length);
    }
    this.#held = null;
    const head = parseHead(bytes.utf8Slice(0, end));
    const begin = end + 4;
    const length = Number(head.headers['content-length'] ?? 0);
    if (bytes.length - begin >= length) {
      this.#onAnswer(head, bytes.utf8Slice(begin, begin + length));
      return bytes.subarray(begin + length);
    }
    this.#head = head;
    this.#body = Buffer.allocUnsafe(length);
    this.#filled = 0;
    return bytes.subarray(begin);
  }

  #readBody(bytes) {
    const count = Math.min(bytes.length, this.#body.length - this.#filled);
    bytes.copy(this.#body, this.#filled, 0, count);
    this.#filled += count;
    if (this.#filled === this.#body.length) {
      const [head, body] = [this.#head, this.#body];
      this.#head = this.#body = null;
      this.#onAnswer(head, body.utf8Slice(0, body.length));
    }
    return bytes.subarray(count);
  }
}

function parseHead(text) {
  const lines = text.split('\r\n');
  const headers = {};
  for (let i = 1; i < lines.length; ++i) {
    const colon = lines[i].indexOf(':');
    headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 1).trim();
  }
  return { status: Number(lines[0].slice(9, 12)), headers };
}

// What a line of a head may hold.
function headerText(text) {
  return String(text).slice(0, 1024).replace(/[^\x20-\x7e]/g, '?');
}

// Servers bound what follows a body: of an error that is told there and is long, its beginning is told.
function trailerText(description) {
  const text = Buffer.from(JSON.stringify(description));
  if (text.length <= trailerBytes) return text.toString('base64');
  const short = { errorType: description.errorType.slice(0, 128), errorMessage: description.errorMessage.slice(0, 1024), trace: [] };
  return Buffer.from(JSON.stringify(short)).toString('base64');
}

function errorHeader(description) {
  return `Lambda-Runtime-Function-Error-Type: ${headerText(description.errorType)}\r\n`;
}

class RuntimeApi {
  #address; // HOST:PORT
  #socket = null;
  #waiting = []; // for answers, in the order of the requests
  #unsent = ''; // goes in one write when the code that asks has come to its end

  constructor(address) {
    this.#address = address;
  }

  // The next event: {headers, body}.
  async next() {
    const { head, body } = await this.#request(`GET ${prefix}/invocation/next HTTP/1.1\r\nHost: ${this.#address}\r\n\r\n`);
    if (head.status !== 200) throw new Error(`the Runtime API answered ${head.status} to the request for the next event: ${body}`);
    return { headers: head.headers, body };
  }

  // Each gives a promise of the answer. What it says of a response (that it is too large, for one) is for the platform to tell, and
  // has been told.
  respond(id, body) {
    return this.#post(`/invocation/${id}/response`, body, '');
  }

  fail(id, error) {
    return this.#postError(`/invocation/${id}/error`, error);
  }

  failInit(error) {
    return this.#postError('/init/error', error);
  }

  // Begins a response in parts: send() each, then end().
  beginStream(id, contentType) {
    return this.#request(
      `POST ${prefix}/invocation/${id}/response HTTP/1.1\r\nHost: ${this.#address}\r\nContent-Type: ${headerText(contentType)}\r\n` +
        'Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n' +
        'Trailer: Lambda-Runtime-Function-Error-Type\r\nTrailer: Lambda-Runtime-Function-Error-Body\r\n\r\n',
      false,
    );
  }

  // `sent` is called when the system took the bytes: whoever waits for it is held back while nobody reads.
  send(parts, sent) {
    let length = 0;
    for (const part of parts) length += part.length;
    if (length === 0) return sent();
    const socket = this.#socket;
    if (!socket) return sent(new Error('the Runtime API closed the connection'));
    socket.cork();
    this.#flush();
    socket.write(`${length.toString(16)}\r\n`, 'latin1');
    for (const part of parts) socket.write(part);
    socket.write('\r\n', 'latin1', sent);
    socket.uncork();
  }

  end(error) {
    if (!this.#socket) return;
    this.#waiting.at(-1).isAgain = this.#waiting.at(-1).holds = true;
    this.#holdOrRelease();
    if (error === undefined) return this.#send('0\r\n\r\n');
    const description = describeError(error);
    this.#send(`0\r\n${errorHeader(description)}Lambda-Runtime-Function-Error-Body: ${trailerText(description)}\r\n\r\n`);
  }

  #postError(path, error) {
    const description = describeError(error);
    return this.#post(path, JSON.stringify(description), errorHeader(description));
  }

  #post(path, body, headers) {
    return this.#request(
      `POST ${prefix}${path} HTTP/1.1\r\nHost: ${this.#address}\r\nContent-Type: application/json\r\n${headers}` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  #request(text, holds = true) {
    return new Promise((resolve, reject) => this.#ask({ text, holds, resolve, reject, isAgain: false }));
  }

  #ask(request) {
    if (!this.#socket) this.#connect();
    this.#waiting.push(request);
    this.#holdOrRelease();
    this.#send(request.text);
  }

  // A connection on which nothing happened for long may be closed just when it is needed: what was asked is asked again, once, unless it
  // is the response that a stream has begun.
  #closed(reason) {
    this.#socket = null; // a later request opens another one
    this.#unsent = '';
    const unanswered = this.#waiting.splice(0);
    const canAskAgain = unanswered.every(({ isAgain, holds }) => holds && !isAgain);
    for (const request of unanswered) canAskAgain ? this.#ask({ ...request, isAgain: true }) : request.reject(reason);
  }

  // The process lives on for an answer, but not for the connection alone: a handler that has nothing left to wait for is noticed.
  #holdOrRelease() {
    this.#waiting.some(({ holds }) => holds) ? this.#socket.ref() : this.#socket.unref();
  }

  #take(answer) {
    const { resolve } = this.#waiting.shift();
    this.#holdOrRelease();
    resolve(answer);
  }

  #send(text) {
    if (this.#unsent === '') process.nextTick(() => this.#flush());
    this.#unsent += text;
  }

  #flush() {
    if (this.#unsent === '') return;
    const text = this.#unsent;
    this.#unsent = '';
    this.#socket?.write(text, 'utf8'); // whoever waits for an answer is told when it is closed
  }

  #connect() {
    const reader = new AnswerReader((head, body) => this.#take({ head, body }));
    const colon = this.#address.lastIndexOf(':');
    const socket = net.connect({
      host: this.#address.slice(0, colon),
      port: Number(this.#address.slice(colon + 1)),
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytes),
        callback(count, buffer) {
          reader.read(buffer.subarray(0, count));
          return true;
        },
      },
    });
    let reason = new Error('the Runtime API closed the connection');
    socket.on('error', (error) => (reason = error));
    socket.on('close', () => this.#closed(reason));
    this.#socket = socket;
  }
}

module.exports = { RuntimeApi };
