// Relay: passes an answer on to the page as it grows. One message is under way at a time, so that they arrive in order; what comes meanwhile goes with
// the next. A connection that takes over is sent all there is so far, and then what follows.
import { send } from './connections.mjs';

export class Relay {
  text = '';
  #connection; // who follows
  #isThere = true;
  #turn; // {conversationId, id}, in every message, beside its number
  #seq = 0;
  #sent; // characters that the page has; undefined: it must be told of the answer first
  #sending;

  constructor(connection, turn) {
    this.#connection = connection;
    this.#turn = turn;
    this.#flush();
  }

  write(text) {
    this.text += text;
    this.#flush();
  }

  follow(connectionId) {
    if (connectionId === this.#connection.connectionId) return;
    this.#connection = { ...this.#connection, connectionId };
    this.#isThere = true;
    this.#sent = undefined;
    this.#flush();
  }

  async end(message) {
    this.#flush();
    await this.#sending;
    await this.#send(message);
  }

  #flush() {
    this.#sending ??= this.#sendText().finally(() => (this.#sending = undefined));
  }

  async #sendText() {
    while (this.#isThere && this.#sent !== this.text.length) {
      const connection = this.#connection;
      const message = this.#sent === undefined ? { type: 'start', text: this.text } : { type: 'delta', text: this.text.slice(this.#sent) };
      this.#sent = this.text.length;
      if (await this.#send(message)) continue;
      this.#sent = undefined;
      if (connection === this.#connection) return; // the next piece of text tries again
    }
  }

  async #send(message) {
    const connection = this.#connection;
    if (!this.#isThere) return false;
    try {
      const isThere = await send(connection, { ...this.#turn, seq: this.#seq++, ...message });
      if (connection === this.#connection) this.#isThere = isThere;
      return isThere;
    } catch (error) {
      console.error(error);
      return false;
    }
  }
}
