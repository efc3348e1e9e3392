/** The chosen view and conversation in the page's address, for reload and sharing. */
import { VIEWS } from "./list.js";

export function place() {
  const [view, id] = location.hash.slice(1).split("/");
  return { view: VIEWS.includes(view) ? view : "queue", id: id ? decoded(id) : null };
}

function decoded(id) {
  try {
    return decodeURIComponent(id);
  } catch (error) {
    // A mistyped address names no conversation.
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Write it down; moving through the list must not fill the history. */
export function settle({ view, id }) {
  const hash = `#${view}${id === null ? "" : `/${encodeURIComponent(id)}`}`;
  if (hash !== location.hash) history.replaceState(null, "", hash);
}
