/** A share of one as a bar. SVG: its measures are attributes that the page's policy allows. */
const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** @param mark where the threshold stands, or null */
export function bar(share, mark = null, tone = "") {
  const width = (value) => Math.round(Math.min(1, Math.max(0, Number(value) || 0)) * 1000) / 10;
  const svg = shape("svg", {
    class: `bar ${tone}`,
    viewBox: "0 0 100 8",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  svg.append(
    shape("rect", { class: "bed", width: 100, height: 8, y: 0 }),
    shape("rect", { class: "fill", width: width(share), height: 8, y: 0 }),
  );
  if (mark !== null && mark !== undefined) {
    svg.append(
      shape("rect", { class: "threshold", x: width(mark) - 0.4, width: 0.9, height: 8, y: 0 }),
    );
  }
  return svg;
}
