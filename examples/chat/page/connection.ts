// Connection: a WebSocket that comes back. When it drops, or there is no server, it tries again: soon at first, then less and less often, each time by
// chance a little sooner or later, so that not all pages come at once. A server that is there and refuses three times is not asked again.
import type { Message } from './messages';

export type State = 'connecting' | 'open' | 'waiting' | 'refused';

const [delayMsMin, delayMsMax] = [500, 30_000];
const refusalsMax = 3; // the first may have been a function that was slow to start

export class Connection {
  #url: string;
  #socket?: WebSocket;
  #failures = 0;
  #refusals = 0;
  #timer?: ReturnType<typeof setTimeout>;
  onstate = (_state: State, _closed?: CloseEvent) => {};
  onmessage = (_message: Message) => {};

  constructor(url: string) {
    this.#url = url;
    addEventListener('online', () => this.#timer && this.open());
  }

  open() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.onstate('connecting');
    const socket = (this.#socket = new WebSocket(this.#url));
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.#failures = this.#refusals = 0;
      this.onstate('open');
    };
    socket.onmessage = ({ data }) => this.onmessage(JSON.parse(data));
    socket.onclose = async (closed) => {
      if (!wasOpen && (await this.#isThere()) && ++this.#refusals === refusalsMax) return this.onstate('refused');
      const delayMs = Math.min(delayMsMin * 2 ** this.#failures++, delayMsMax) * (0.5 + Math.random() / 2);
      this.#timer = setTimeout(() => this.open(), delayMs);
      this.onstate('waiting', closed);
    };
  }

  // False: there is no connection to send by.
  send(message: object) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  // A browser does not tell a page why a WebSocket was refused, so ask whether anybody is there at all.
  async #isThere() {
    try {
      await fetch(this.#url.replace(/^ws/, 'http').replace(/\?.*/, ''), { mode: 'no-cors' });
      return true;
    } catch {
      return false;
    }
  }
}
