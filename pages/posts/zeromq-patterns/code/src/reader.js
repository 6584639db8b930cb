// The browser's side: where it was, what it knows, when it tries again.

// region reader
export class Reader {
  position = null;
  states = new Map();

  constructor({ notify, lost, answered = () => {} }) {
    Object.assign(this, { notify, lost, answered });
  }

  apply({ at, events }) {
    for (const event of events) {
      if (event.kind === "snapshot") this.#startAgain(event);
      else if (event.kind === "answer") this.answered(event);
      else if (event.seq === undefined) this.states.set(event.key, event);
      else if (event.seq > this.position.seq) this.#advance(event);
    }
    this.position = at ?? this.position;
  }

  #startAgain({ epoch, seq, states }) {
    if (this.position) this.lost(this.position);
    this.position = { epoch, seq };
    this.states = new Map(states.map((state) => [state.key, state]));
  }

  #advance(event) {
    this.position = { epoch: event.epoch, seq: event.seq };
    if (event.kind === "state") this.states.set(event.key, event);
    else this.notify(event);
  }
}
// endregion reader

// region reconnect
export class Connection {
  constructor(url, reader, { Socket = globalThis.WebSocket, silence = 15_000 } = {}) {
    Object.assign(this, { url, reader, Socket, silence, attempt: 0 });
    this.#connect();
  }

  #connect() {
    this.socket = new this.Socket(this.url);
    this.#watch();
    const { socket } = this;
    socket.onopen = () => socket.send(JSON.stringify({ after: this.reader.position }));
    socket.onmessage = ({ data }) => socket === this.socket && this.#hear(data);
    socket.onerror = () => this.#again(socket);
    socket.onclose = () => this.#again(socket);
  }

  #hear(data) {
    this.attempt = 0;
    this.#watch();
    this.reader.apply(JSON.parse(data));
  }

  // The gateway's beats are what a dead connection lacks.
  #watch() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#again(this.socket), this.silence);
  }

  #again(socket) {
    if (socket !== this.socket) return; // It was given up before.
    this.stop();
    const longest = Math.min(30_000, 1000 * 2 ** this.attempt++);
    const wait = Math.random() * longest; // All at once would be a stampede.
    this.timer = setTimeout(() => this.#connect(), wait);
  }
  // endregion reconnect

  send(message) {
    this.socket.send(JSON.stringify(message));
  }

  stop() {
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.timer);
    socket?.close();
  }
}
