// What a streaming handler writes its response to: a Writable whose bytes leave as they are written, and which holds the writer back while
// nobody reads; and HttpResponseStream, which puts status and headers in front of them.
'use strict';

const { Writable } = require('node:stream');
const { InvalidStreamingOperation } = require('./errors.cjs');

const integrationResponse = 'application/vnd.awslambda.http-integration-response';

class ResponseStream extends Writable {
  #api;
  #id;
  #contentType = 'application/octet-stream';
  #answer = null; // a promise of the platform's, once the response has begun
  #failure;
  #isEnded = false;

  // `ended` is called when the platform has the whole response, or never will.
  constructor(api, id, highWaterMark, ended) {
    super({ highWaterMark });
    this.#api = api;
    this.#id = id;
    this.once('close', ended);
  }

  setContentType(contentType) {
    if (this.#answer) throw new InvalidStreamingOperation('Cannot set content-type, too late.');
    this.#contentType = contentType;
  }

  // What is neither text nor bytes goes as JSON.
  write(chunk, ...rest) {
    return super.write(asWritable(chunk), ...rest);
  }

  end(chunk, ...rest) {
    return super.end(typeof chunk === 'function' ? chunk : asWritable(chunk), ...rest);
  }

  // Ends the response by an error, after what was written. Of a response that has ended nothing can be told any more.
  fail(error) {
    this.#failure = error;
    super.end();
  }

  _write(chunk, _encoding, callback) {
    this._writev([{ chunk }], callback);
  }

  _writev(entries, callback) {
    const parts = [];
    if (!this.#answer) {
      // Without anything written it is not called, as on AWS.
      if (typeof this._onBeforeFirstWrite === 'function') this._onBeforeFirstWrite((part) => parts.push(Buffer.from(part)));
      this.#begin();
    }
    for (const { chunk } of entries) parts.push(chunk);
    this.#api.send(parts, callback);
  }

  _final(callback) {
    this.#finish(this.#failure);
    this.#answer.then(() => callback(), callback);
  }

  // Also when the function destroyed the stream in the middle.
  _destroy(error, callback) {
    if (this.#isEnded) return callback(error);
    this.#finish(this.#failure ?? error ?? unfinished());
    const done = () => callback(error);
    this.#answer.then(done, done);
  }

  #begin() {
    this.#answer = this.#api.beginStream(this.#id, this.#contentType);
    this.#answer.catch(() => {}); // whoever waits is told
  }

  #finish(error) {
    if (!this.#answer) this.#begin();
    this.#isEnded = true;
    this.#api.end(error);
  }
}

function unfinished() {
  return new Error('Response stream is not finished.');
}

function asWritable(chunk) {
  const isWritable = typeof chunk === 'string' || chunk instanceof Uint8Array || chunk === null || chunk === undefined;
  return isWritable ? chunk : JSON.stringify(chunk);
}

const HttpResponseStream = {
  from(stream, metadata) {
    stream.setContentType(integrationResponse);
    const prelude = JSON.stringify(metadata);
    stream._onBeforeFirstWrite = (write) => {
      write(prelude);
      write(new Uint8Array(8)); // where the metadata ends
    };
    return stream;
  },
};

module.exports = { HttpResponseStream, ResponseStream, unfinished };
