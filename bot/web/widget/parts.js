/**
 * How one item of the conversation looks: a message, a draft, or the dots of who is typing.
 *
 * @typedef {{key: string, testid: string, sender: {kind: string, name?: string}, parts: any[],
 *   sources: any[], aiGenerated: boolean, at: string | null, state: string, error?: string,
 *   wait?: number, progress?: number, first: boolean, newest: boolean, time: string | null,
 *   choices?: any}} Item
 * @typedef {{texts: any, shopName: string, limits: any,
 *   pictures: import("./pictures.js").Pictures, act: {choose: (option: object) => void,
 *   retry: (id: string) => void, enlarge: (image: HTMLImageElement) => void}}} Surroundings
 */

import { icon, linkTo, make, safeAddress, showMarkup } from "./dom.js";
import { FINAL } from "./outbox.js";

function textPart(part, item) {
  const rich = part.html && item.sender.kind !== "customer";
  const bubble = make("div", { class: rich ? "bubble" : "bubble plain" });
  if (rich) showMarkup(bubble, part.html, part.text);
  else bubble.textContent = part.text;
  return bubble;
}

function choicesPart(part, item, { act }) {
  const { chosen, open } = item.choices ?? {};
  const buttons = part.options.map((option) =>
    make("li", {}, make("button", {
      type: "button",
      class: "choice",
      "data-testid": "kefu-choice",
      "data-chosen": option.id === chosen,
      "aria-pressed": option.id === chosen && "true",
      disabled: !open,
      text: option.text,
      onclick: () => act.choose(option),
    })),
  );
  return make("div", { class: "choices" },
    part.prompt && make("div", { class: "bubble plain", text: part.prompt }),
    make("ul", { class: "options", "aria-label": part.prompt }, ...buttons),
  );
}

function orderCard(part, _item, { texts }) {
  const link = linkTo(part.url);
  return make("article", { class: "card", "data-testid": "kefu-order-card" },
    make("header", {},
      icon("box"),
      make("strong", { text: part.title }),
      make("span", { class: "state", "data-status": part.status, text: part.status_text }),
    ),
    make("p", { class: "number", text: part.order_id }),
    make("ul", {}, ...(part.lines ?? []).map((text) => make("li", { text }))),
    link.href && make("a", { class: "more", ...link }, texts.viewOrder, icon("arrow")),
  );
}

function productCard(part, _item, { texts }) {
  const link = linkTo(part.url);
  // A shop without photographs may give an emoji instead.
  const isAddress = /[./]/.test(part.image ?? "");
  const image = isAddress ? safeAddress(part.image) : null;
  // A picture that the network or the shop's CSP keeps away leaves no broken frame behind.
  const picture = image &&
    make("img", { src: image, alt: "", loading: "lazy", onerror: () => picture.remove() });
  return make(link.href ? "a" : "article",
    { class: "card product", "data-testid": "kefu-product-card", ...link },
    make("span", { class: "picture" }, (!isAddress && part.image) || icon("box"), picture),
    make("span", { class: "facts" },
      make("strong", { text: part.name }),
      make("span", { text: part.price }),
      link.href && make("span", { class: "more" }, texts.viewProduct, icon("arrow"))),
  );
}

const leadsOn = ({ type }) => type === "related";

function relatedPart(part, { texts, act }) {
  return make("div", { class: "related", role: "group", "aria-label": texts.related },
    make("span", { class: "note", "aria-hidden": "true", text: texts.related }),
    ...part.options.map((option) => make("button", {
      type: "button",
      class: "choice",
      "data-testid": "kefu-related",
      text: option.text,
      onclick: () => act.choose(option),
    })));
}

function pictureName(part, { texts }) {
  return make("div", { class: "bubble file" }, icon("image"), part.name || texts.picture);
}

function picturePart(part, item, surroundings) {
  const { texts, pictures, act } = surroundings;
  const id = part.upload ?? (item.progress === undefined ? null : item.key);
  if (!id) return pictureName(part, surroundings);
  const image = make("img", {
    alt: part.name || texts.picture, width: part.width, height: part.height,
    "data-testid": "kefu-picture",
  });
  const shown = make("button", {
    type: "button", class: "photo", "aria-label": `${texts.enlarge}: ${image.alt}`,
    onclick: () => act.enlarge(image),
  }, image);
  void pictures.show(image, id, () => shown.replaceWith(pictureName(part, surroundings)));
  return shown;
}

function notePart(part, _item, { texts }) {
  return make("div", { class: "bubble note", text: part.note ?? texts.unreadable });
}

const PARTS = {
  text: textPart,
  choice: textPart,
  choices: choicesPart,
  order_card: orderCard,
  product_card: productCard,
  image: picturePart,
  related: () => null,
};

function sourceList(sources, texts) {
  return make("div", { class: "sources", "data-testid": "kefu-sources" },
    make("span", { text: texts.sources }),
    make("ol", {}, ...sources.map(({ n, title, source }) =>
      make("li", {}, make("span", { class: "n", text: n }), title,
        source && source !== title && make("span", { class: "from", text: source })))),
  );
}

function whoSpeaks({ sender }, { texts, shopName }) {
  const person = sender.kind === "person";
  const role = person ? texts.agent : texts.bot;
  const name = sender.name || shopName;
  return make("div", { class: "who" },
    make("span", { class: "avatar", "aria-hidden": "true" },
      person ? [...(sender.name || role)][0] : icon("bot")),
    name !== role && make("span", { class: "name", text: name }),
    make("span", { text: role }),
  );
}

/** @param {string | null} slug of a refusal @returns {string} why a message was not sent */
export function whyNot(slug, texts, limits) {
  const reasons = {
    "message-too-long": () => texts.tooLong(limits?.message ?? 4000),
    "body-too-large": () => texts.tooLarge(Math.floor((limits?.upload_bytes ?? 0) / 2 ** 20)),
    "unsupported-upload": () => texts.wrongType,
    "picture-lost": () => texts.pictureLost,
    "rate-limited": () => texts.tooMany,
  };
  return reasons[slug]?.() ?? texts.failed;
}

function failure({ key, error }, { texts, limits, act }) {
  const hopeless = FINAL.has(error);
  return [
    make("span", { class: "error", text: whyNot(error, texts, limits) }),
    !hopeless && make("button", {
      type: "button", class: "retry", "data-testid": "kefu-retry", onclick: () => act.retry(key),
    }, icon("retry"), texts.retry),
  ];
}

function meta(item, surroundings) {
  const { texts } = surroundings;
  const { state, progress } = item;
  const said = [];
  if (item.aiGenerated) {
    said.push(make("span", { class: "ai", "data-testid": "kefu-ai", text: texts.aiGenerated }));
  }
  if (state === "sending") {
    const uploads = progress !== undefined;
    said.push(uploads && make("progress", { max: "1", "aria-label": texts.sending }));
    said.push(texts.sending);
  }
  if (state === "waiting") {
    said.push(make("span", { "data-testid": "kefu-wait", text: texts.rateLimited(item.wait) }));
  }
  if (state === "failed") said.push(...failure(item, surroundings));
  return said.length > 0 && make("div", { class: "meta" }, ...said);
}

function dots({ sender }, { texts }) {
  const role = sender.kind === "person" ? texts.agent : texts.bot;
  return make("div", { class: "bubble dots" }, make("i"), make("i"), make("i"),
    make("span", { class: "unseen", text: texts.typing(sender.name || role) }));
}

/**
 * Draws a message, a draft or the dots of somebody who is typing.
 * @param {Item} item
 * @param {Surroundings} surroundings
 * @returns {HTMLElement} an li
 */
export function renderItem(item, surroundings) {
  const { kind } = item.sender;
  const spoken = kind === "bot" || kind === "person";
  return make("li", {
    class: "item",
    "data-testid": item.testid,
    "data-sender": kind,
    "data-state": item.state,
    "data-first": item.first,
  },
  item.time && make("time", { datetime: item.at, text: item.time }),
  spoken && item.first && whoSpeaks(item, surroundings),
  kind === "customer" && make("span", { class: "unseen", text: surroundings.texts.you }),
  item.key === "typing" && dots(item, surroundings),
  ...item.parts.map((part) => (PARTS[part.type] ?? notePart)(part, item, surroundings)),
  item.sources.length > 0 && sourceList(item.sources, surroundings.texts),
  meta(item, surroundings),
  // Below the sources of what was said: these are for what comes next.
  item.newest && relatedPart(item.parts.find(leadsOn), surroundings));
}
