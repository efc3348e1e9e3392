/** What is being written, per conversation; survives a reload and an ended session. */

const STORED = "kefu.desk.draft.";
const OWNER = "kefu.desk.owner";

export function draftOf(conversationId) {
  return sessionStorage.getItem(STORED + conversationId) ?? "";
}

export function keepDraft(conversationId, text) {
  if (text === "") sessionStorage.removeItem(STORED + conversationId);
  else sessionStorage.setItem(STORED + conversationId, text);
}

/** Call before anything kept is read: what someone else left at this computer is thrown away. */
export function keepOnlyFor(personId) {
  if (sessionStorage.getItem(OWNER) === String(personId)) return;
  keepNothing();
  sessionStorage.setItem(OWNER, String(personId));
}

/** On signing out. */
export function keepNothing() {
  const ours = Object.keys(sessionStorage).filter((key) => key.startsWith("kefu.desk."));
  for (const key of ours) sessionStorage.removeItem(key);
}
