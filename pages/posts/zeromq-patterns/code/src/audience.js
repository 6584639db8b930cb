// Who may see an event: a function of the event alone, so every gateway agrees.
import { EVERYONE } from "./feed.js";

// region audience
export function maySee(user, { to }) {
  return to === EVERYONE || (Array.isArray(to) && to.includes(user));
}

// As a browser may see it: without the names of those who may see it too.
export function shown({ to, ...event }) {
  return event;
}
// endregion audience
