// Relay: passes an answer on to the page as it grows. One message is under way at a time, so that they arrive in order; what comes meanwhile goes with
// the next. Whoever takes over as the follower is sent all there is so far, and then what comes.
import { send } from './connections.mjs';

export class Relay {
  text = '';
  #connection;
  #since; // it follows
  #isThere = true;
  #turn; // in every message, beside its number
  #seq = 0;
  #sent; // characters that the page has; undefined: it must be told of the answer first
  #sending;

  constructor(connection, { conversationId, id, follower }) {
    this.#connection = connection;
    this.#since = follower.since;
    this.#turn = { conversationId, id };
    this.#flush();
  }

  write(text) {
    this.text += text;
    this.#flush();
  }

  follow({ connectionId, since }) {
    if (since === this.#since) return;
    this.#connection = { ...this.#connection, connectionId };
    this.#since = since;
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
