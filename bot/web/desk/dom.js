/** Building elements without markup strings: text always goes in as text. */

/**
 * An element with its properties and children.
 * `on` holds listeners, `testid` becomes data-testid, `null`, `false` and `undefined` are left out.
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [type, listener] of Object.entries(value))
        element.addEventListener(type, listener);
    } else if (name === "testid") {
      element.dataset.testid = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...present(children));
  return element;
}

/** The children that are there, one level flattened: callers may write `condition && node`. */
export function present(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false);
}

/** Tell the ancestors that something was asked for; `detail` says what. */
export function ask(element, type, detail = {}) {
  element.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
}

/** The same address if it leads to a web page, else null: no javascript:, no data:. */
export function webAddress(address) {
  try {
    const url = new URL(address, location.origin);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** A picture's address if the page's policy lets it load (our own origin or an embedded image). */
export function pictureAddress(address) {
  if (typeof address !== "string" || address === "") return null;
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(address)) return address;
  const url = /^(\/|https?:)/i.test(address) ? webAddress(address) : null;
  return url !== null && new URL(url).origin === location.origin ? url : null;
}
