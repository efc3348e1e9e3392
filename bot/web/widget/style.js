/**
 * A constructed sheet, which a strict Content-Security-Policy allows. Shops theme it with
 * --kefu-primary, -on-primary, -accent, -surface, -ground, -text, -muted, -line, -radius, -font,
 * -z, -offset-x, -offset-y and -display (none hides it). Text has a contrast of at least 4.5 : 1
 * in both themes.
 *
 * Rules of the page reach the host itself, even `* { margin: 30px !important }`, and what it
 * inherits down. Only !important in the shadow tree is stronger.
 */

const FRAME = `
:host {
  --_primary: var(--kefu-primary, #0f6b5c);
  --_on: var(--kefu-on-primary, #fff);
  --_accent: var(--kefu-accent, var(--_primary));
  --_surface: var(--kefu-surface, #fff);
  --_ground: var(--kefu-ground, #f5f7f6);
  --_text: var(--kefu-text, #17211e);
  --_muted: var(--kefu-muted, #5a6964);
  --_line: var(--kefu-line, #e1e8e5);
  --_soft: color-mix(in srgb, var(--_accent) 9%, var(--_surface));
  --_edge: color-mix(in srgb, var(--_accent) 30%, var(--_surface));
  --_warn: #8a4b00; --_warn-soft: #fff4e0; --_error: #b3261e; --_star: #d97706;
  --_scheme: light; --_right: var(--kefu-offset-x, 24px); --_left: auto;
  --_font: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC";
  all: initial !important; display: var(--kefu-display, block) !important;
  position: fixed !important; z-index: var(--kefu-z, 2147483000) !important;
  bottom: var(--kefu-offset-y, 24px) !important; right: var(--_right) !important;
  left: var(--_left) !important;
  color-scheme: var(--_scheme) !important; color: var(--_text) !important;
  font: 15px/1.6 var(--kefu-font, system-ui, var(--_font), sans-serif) !important;
}
:host::before, :host::after { content: none !important; }
:host([lang="zh-TW"]) { --_font: "PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC"; }
:host([data-position="left"]) { --_right: auto; --_left: var(--kefu-offset-x, 24px); }
:host([data-theme="dark"]) {
  --_primary: var(--kefu-primary, #14705f);
  --_accent: var(--kefu-accent, #6fd6bf);
  --_surface: var(--kefu-surface, #1b2321);
  --_ground: var(--kefu-ground, #131918);
  --_text: var(--kefu-text, #e8efec);
  --_muted: var(--kefu-muted, #9dafa9);
  --_line: var(--kefu-line, #2d3835);
  --_warn: #ffc777; --_warn-soft: #3a2c14; --_error: #ff9a90; --_star: #fbbf24;
  --_scheme: dark;
}
:where(*) { box-sizing: border-box; margin: 0; padding: 0; list-style: none; }
[hidden] { display: none !important; }
button, textarea, fieldset { font: inherit; color: inherit; border: 0; background: none; }
button { cursor: pointer; }
button:disabled { cursor: default; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
a { color: var(--_accent); }
.icon { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor;
  stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.launcher, .mark, .send, .avatar, .picture, .plain-button { display: grid; place-items: center;
  flex: none; }
.launcher, .mark, .send { background: var(--_primary); color: var(--_on); }
.launcher { position: relative; width: 60px; height: 60px; border-radius: 50%; font-size: 22px;
  box-shadow: 0 8px 24px -4px rgb(0 0 0 / .35); transition: transform .2s; }
.launcher:hover { transform: translateY(-2px) scale(1.03); }
.unread { position: absolute; top: -4px; right: -4px; min-width: 22px; padding: 0 6px;
  border-radius: 11px; background: #c62828; color: #fff; font-size: 12px; font-weight: 600;
  line-height: 22px; box-shadow: 0 0 0 2px var(--_surface); }
.panel { display: flex; flex-direction: column; width: 380px;
  max-width: calc(100vw - 2 * var(--kefu-offset-x, 24px)); height: 620px;
  max-height: calc(var(--_height, 100dvh) - 2 * var(--kefu-offset-y, 24px)); overflow: clip;
  overflow-wrap: anywhere;
  border-radius: var(--kefu-radius, 18px); background: var(--_surface);
  box-shadow: 0 24px 64px -12px rgb(0 0 0 / .32), 0 0 0 1px var(--_line);
  animation: rise .24s cubic-bezier(.2, .8, .2, 1); }
.head { display: flex; align-items: center; gap: 12px; padding: 14px 12px 14px 16px;
  border-bottom: 1px solid var(--_line); }
.mark { width: 40px; height: 40px; border-radius: 13px; font-size: 18px; }
.heading { flex: 1; min-width: 0; }
h2 { font-size: 16px; line-height: 1.35; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.hours { color: var(--_muted); font-size: 12.5px; line-height: 1.45; }
.hours::before, .banner::before { content: ""; display: inline-block; width: 7px; height: 7px;
  flex: none; margin: 0 8px 1px 1px; border-radius: 50%; background: currentColor; }
.hours[data-open="true"]::before { background: #22a06b; }
.plain-button { width: 40px; height: 40px; border-radius: 12px; color: var(--_muted); }
.plain-button:hover { background: var(--_soft); }
.banner { display: flex; align-items: baseline; padding: 9px 16px; background: var(--_ground); color: var(--_muted); font-size: 13px; }
.link, .retry { color: var(--_accent); font-weight: 600; }
.link { flex: none; margin-left: auto; padding: 3px 6px; font-size: 13px; text-decoration: underline;
  text-underline-offset: 3px; color: inherit; }
.status[data-holder="agent"] { background: var(--_soft); color: var(--_accent); }
.status[data-holder="queue"] { background: var(--_warn-soft); color: var(--_warn); }
.status[data-holder="queue"]::before, .connection::before { animation: pulse 1.4s infinite; }
.middle { position: relative; flex: 1; min-height: 0; background: var(--_ground); }
.scroller { position: relative; height: 100%; padding: 18px 16px 14px; overflow-y: auto;
  overscroll-behavior: contain; scrollbar-width: thin; }
.scroller:focus-visible { outline-offset: -3px; }
.jump { position: absolute; bottom: 12px; left: 50%; display: flex; align-items: center; gap: 5px;
  padding: 5px 14px 5px 9px; border-radius: 99px; transform: translateX(-50%);
  background: var(--_surface); color: var(--_accent); font-size: 13px; white-space: nowrap;
  box-shadow: 0 4px 16px rgb(0 0 0 / .14), 0 0 0 1px var(--_line); }
.composer { padding: 10px 12px 12px; border-top: 1px solid var(--_line); }
.tools { display: flex; align-items: center; gap: 8px; margin-bottom: 8px; }
.tools:not(:has(> :not([hidden]))) { display: none; }
.tools > :last-child { margin-left: auto; }
.tools[role] > :first-child { flex: 1; font-size: 14px; }
.tools[role] > :last-child { margin: 0; }
.composer > .error:empty { display: none; }
.composer > .error { padding: 0 4px 8px; font-size: 13px; }
.pill { display: flex; align-items: center; gap: 6px; height: 32px; padding: 0 12px 0 10px;
  border-radius: 99px; box-shadow: inset 0 0 0 1px var(--_line); color: var(--_muted);
  font-size: 13px; }
.pill:hover { background: var(--_soft); color: var(--_accent); }
.round { padding: 0 10px; }
.counter { color: var(--_muted); font-size: 12px; }
.counter.over { color: var(--_error); }
.field { display: flex; align-items: flex-end; gap: 6px; padding: 5px 5px 5px 14px;
  border-radius: 22px; background: var(--_ground); box-shadow: inset 0 0 0 1px var(--_line); }
.field:focus-within { box-shadow: inset 0 0 0 1.5px var(--_accent); }
textarea { flex: 1; min-width: 0; height: 34px; padding: 5px 0; line-height: 24px; resize: none;
  outline: none !important; }
textarea::placeholder { color: var(--_muted); opacity: 1; }
.send { width: 34px; height: 34px; border-radius: 50%; }
.send:disabled { background: var(--_line); color: var(--_muted); }
@media (max-width: 480px) {
  .panel { position: fixed; inset: 0; width: auto; max-width: none; max-height: none;
    height: var(--_height, 100dvh); border-radius: 0; }
  .composer { padding-bottom: max(12px, env(safe-area-inset-bottom)); }
  textarea { font-size: 16px; }
  .pill { height: 40px; }
  .send { width: 40px; height: 40px; }
  textarea { height: 40px; padding: 8px 0; }
}
@keyframes rise { from { opacity: 0; transform: translateY(14px); } }
@keyframes pulse { 50% { opacity: .3; } }
`;

const TALK = `
.suggestions { display: flex; flex-wrap: wrap; gap: 8px; margin: 14px 0 8px; }
.item { display: flex; flex-direction: column; align-items: flex-start; gap: 6px;
  margin-top: 6px; animation: rise .22s; }
.item.settled { animation: none; }
.item[data-first] { margin-top: 18px; }
.item[data-sender="customer"] { align-items: flex-end; }
.item[data-sender="system"] { align-items: center; text-align: center; }
time, .who, .sources, .meta { color: var(--_muted); font-size: 12px; line-height: 1.5; }
time { align-self: center; }
.who, .meta { display: flex; align-items: center; gap: 7px; }
.avatar { width: 24px; height: 24px; border-radius: 50%; background: var(--_soft);
  color: var(--_accent); font-weight: 600; }
.item[data-sender="person"] .avatar { background: var(--_primary); color: var(--_on); }
.name { color: var(--_text); font-weight: 600; }
.name + span { flex: none; }
.bubble, .card { max-width: 88%; background: var(--_surface); box-shadow: 0 0 0 1px var(--_line); }
.bubble { padding: 9px 14px; border-radius: 6px 16px 16px 16px; }
.plain { white-space: pre-wrap; }
.item[data-sender="person"] .bubble { background: var(--_soft);
  box-shadow: 0 0 0 1px var(--_edge); }
.item[data-sender="customer"] .bubble { border-radius: 16px 16px 6px 16px;
  background: var(--_primary); color: var(--_on); box-shadow: none; }
.item[data-state="sending"] .bubble { opacity: .75; }
.item[data-sender="system"] .bubble { padding: 2px 10px; background: none; box-shadow: none;
  color: var(--_muted); font-size: 13px; }
.bubble > * + * { margin-top: 8px; }
.bubble ul { padding-left: 1.3em; } .bubble ul li { list-style: disc; }
.bubble ol { padding-left: 1.3em; } .bubble ol li { list-style: decimal; }
.bubble table { display: block; overflow-x: auto; border-collapse: collapse; font-size: 13.5px; }
.bubble th, .bubble td { padding: 4px 10px; border: 1px solid var(--_line); }
.bubble th { white-space: nowrap; } .bubble td { min-width: 4em; }
.bubble pre { white-space: pre-wrap; }
.photo { max-width: 78%; overflow: hidden; border-radius: 14px; line-height: 0; }
.photo img { max-width: 100%; height: auto; max-height: 260px; object-fit: cover;
  background: var(--_soft); }
.viewer { width: 100vw; height: 100dvh; max-width: none; max-height: none; border: 0;
  background: rgb(0 0 0 / .88); cursor: zoom-out; }
.viewer img { width: 100%; height: 100%; object-fit: contain; }
.viewer button { position: absolute; top: 12px; right: 12px; background: rgb(0 0 0 / .6) !important;
  color: #fff; }
progress { width: 90px; height: 6px; accent-color: var(--_accent); }
.related { display: flex; flex-wrap: wrap; gap: 6px; width: 88%; margin-top: 2px; }
.related .note { width: 100%; font-size: 12.5px; }
.related .choice { width: auto; padding: 6px 13px; }
.rating { margin-top: 18px; padding: 14px 16px; border-radius: 16px; background: var(--_surface);
  box-shadow: 0 0 0 1px var(--_line); text-align: center; }
.rating fieldset { border: 0; }
.rating legend { width: 100%; font-weight: 600; }
.stars { color: var(--_star); font-size: 30px; line-height: 1.4; }
.rating label { position: relative; display: inline-grid; place-items: center; width: 44px; height: 44px;
  color: var(--_line); cursor: pointer; }
.rating label:has(:checked), .rating label:has(~ label :checked),
.rating fieldset:hover label:has(~ label:hover), .rating label:hover { color: var(--_star); }
.rating label:has(:focus-visible) { outline: 2px solid var(--_accent); border-radius: 10px; }
.rating p .stars { display: block; }
.more-said { display: grid; gap: 10px; margin-top: 8px; }
.rating textarea { height: 62px; padding: 7px 12px; border-radius: 12px; background: var(--_ground);
  box-shadow: inset 0 0 0 1px var(--_line); text-align: start; }
.primary { padding: 9px; border-radius: 12px; background: var(--_primary); color: var(--_on);
  font-weight: 600; }
.file { display: flex; align-items: center; gap: 8px; }
.note { color: var(--_muted); }
.dots { display: flex; gap: 5px; padding: 16px 14px; }
.dots i { width: 6px; height: 6px; margin: 0; border-radius: 50%; background: var(--_muted);
  animation: pulse 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .2s; } .dots i:nth-child(3) { animation-delay: .4s; }
.choices { display: contents; }
.options { display: grid; gap: 6px; width: 88%; }
.choice { width: 100%; padding: 8px 14px; border-radius: 13px; background: var(--_surface);
  box-shadow: inset 0 0 0 1px var(--_edge); color: var(--_accent); font-size: 14px;
  text-align: start; }
.suggestions .choice { width: auto; }
.choice:hover:enabled { background: var(--_soft); }
.choice:disabled { box-shadow: inset 0 0 0 1px var(--_line); color: var(--_muted); }
.choice[data-chosen] { background: var(--_soft); color: var(--_accent) !important;
  box-shadow: inset 0 0 0 1.5px var(--_accent) !important; font-weight: 600; }
.card { display: block; width: 88%; padding: 13px 15px; border-radius: 16px; color: inherit;
  font-size: 14px; text-decoration: none; }
.card header { display: flex; align-items: center; gap: 8px; }
.card header strong { flex: 1; min-width: 0; }
.state { padding: 1px 9px; border-radius: 99px; background: var(--_soft); font-size: 12.5px; }
.card .icon, .card .more, .state { color: var(--_accent); }
.number { padding-bottom: 8px; border-bottom: 1px solid var(--_line); color: var(--_muted);
  font-size: 12.5px; }
.card ul { padding-top: 8px; }
.more { display: flex; align-items: center; gap: 4px; margin-top: 4px; font-size: 13px;
  text-decoration: none; }
.product { display: flex; gap: 13px; align-items: center; }
a.product:hover { box-shadow: 0 0 0 1.5px var(--_accent); }
.picture { position: relative; width: 72px; height: 72px; overflow: hidden; border-radius: 12px;
  background: var(--_soft); font-size: 30px; }
.picture img { position: absolute; width: 100%; height: 100%; object-fit: cover; }
.facts { display: grid; min-width: 0; }
.sources { display: flex; gap: 8px; max-width: 88%; }
.sources > span { flex: none; }
.n { margin-right: 5px; padding: 0 5px; border-radius: 5px; background: var(--_soft);
  color: var(--_accent); }
.from::before { content: "·"; margin: 0 5px; }
.ai { padding: 0 7px; border-radius: 6px; box-shadow: inset 0 0 0 1px var(--_line); }
.error { color: var(--_error); }
.retry { display: flex; align-items: center; gap: 3px; padding: 3px 6px; }
@media (prefers-reduced-motion: reduce) {
  :where(*), ::before { animation: none !important; transition: none !important; }
}
`;

/** Adopted by the widget's shadow root. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(FRAME + TALK);
