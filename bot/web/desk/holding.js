/** Who holds a conversation, as seen by one person at the desk. */

/** Whether `person` holds it; by name only where the server sends no id. */
export function holds({ holder, agent_id: id, agent_name: name }, person) {
  if (holder !== "agent") return false;
  return id === undefined ? name === person.name : id === person.id;
}

/** Which claim is open to someone who does not hold it, as the key of its words, or null. */
export function claimWords({ holder }, ticket) {
  if (holder === "queue") return "act.claim";
  if (holder === "agent") return null;
  if (ticket) return "act.take_ticket";
  return holder === "bot" ? "act.step_in" : null;
}
