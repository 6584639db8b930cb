// The browser's side, without a dependency: where it was, what it knows, and when it tries again.

// region reader
export class Reader {
  position = null;
  states = new Map();

  constructor({ notify, lost }) {
    Object.assign(this, { notify, lost });
  }

  apply(batch) {
    for (const event of batch) {
      if (event.kind === "snapshot") this.#startAgain(event);
      else if (event.seq === undefined) this.states.set(event.key, event);
      else if (event.seq > this.position.seq) this.#advance(event);
    }
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
export function follow(url, reader, Socket = globalThis.WebSocket, attempt = 0) {
  const socket = new Socket(url);
  socket.onopen = () => socket.send(JSON.stringify({ after: reader.position }));
  socket.onmessage = ({ data }) => {
    attempt = 0;
    reader.apply(JSON.parse(data));
  };
  socket.onclose = () => {
    const wait = Math.random() * Math.min(30_000, 250 * 2 ** attempt); // All at once would be a stampede.
    setTimeout(() => follow(url, reader, Socket, attempt + 1), wait);
  };
}
// endregion reconnect
