/** Time as people at the desk read it. */
import { language } from "./texts.js";

// Below this the Date header's whole seconds and the network's delay explain the difference.
const SKEW_WORTH_CORRECTING_MS = 5000;

/** The server's present: waiting times must not depend on how well this computer's clock is set. */
export class Clock {
  #skew = 0;

  /** Learn from the Date header of an answer. */
  learn(header) {
    const server = Date.parse(header ?? "");
    if (Number.isNaN(server)) return;
    const skew = server - Date.now();
    this.#skew = Math.abs(skew) > SKEW_WORTH_CORRECTING_MS ? skew : 0;
  }

  now() {
    return Date.now() + this.#skew;
  }
}

/** `4:05`, `1:02:09` or `2 天`: how long since `iso`, never negative. */
export function waited(iso, now) {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
  if (!Number.isFinite(seconds)) return "";
  const days = Math.floor(seconds / 86400);
  if (days > 0)
    return new Intl.NumberFormat(language(), { style: "unit", unit: "day" }).format(days);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** How pressing a wait is: marketplaces warn at 100 seconds and call 3 minutes a late answer. */
export function urgency(iso, now) {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds >= 180) return "late";
  return seconds >= 100 ? "soon" : "calm";
}

/** The time of day today, else month and day as well, in the reader's time zone. */
export function moment(iso, now) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const today = new Date(now).toDateString() === at.toDateString();
  const day = today ? {} : { month: "numeric", day: "numeric" };
  return new Intl.DateTimeFormat(language(), {
    ...day,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

/** The whole moment, for a tooltip. */
export function fullMoment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium" }).format(
    at,
  );
}
