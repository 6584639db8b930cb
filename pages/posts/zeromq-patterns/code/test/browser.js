import WebSocket from "ws";

export const ORIGIN = "https://app.example";

// Stands for a session: the user is whoever the address says.
export const authenticate = (request) =>
  new URL(request.url, "http://gateway").searchParams.get("user");

// A browser sends the origin of its page by itself.
export class Browser extends WebSocket {
  constructor(url, { origin = ORIGIN } = {}) {
    super(url, { origin });
  }
}
