// What is on the screen: the button, the panel with its parts, and one element for each message.

const small = matchMedia("(max-width: 480px), (max-height: 480px)");
const host = document.createElement(NAME);
const root = host.attachShadow({ mode: "closed" });
const view = {};

function buildView({ title }) {
  view.badge = make("span", { className: "badge", hidden: true });
  view.launcher = iconButton("launcher", say("open"), "chat", () => (chat.open ? closePanel() : openPanel()), {
    "aria-expanded": false,
    "aria-haspopup": "dialog",
  });
  view.launcher.append(view.badge);
  const heard = { role: "log", "aria-live": "polite", "aria-label": say("log") };
  view.log = make("div", { className: "log", tabIndex: 0, ...heard });
  new ResizeObserver(holdEnd).observe(view.log);
  view.presence = make("p", { className: "presence", role: "status", hidden: true });
  view.stage = make("p", { className: "stage", role: "status" });
  view.tray = make("div", { className: "tray" });
  view.problem = make("p", { className: "problem", role: "alert", hidden: true });
  view.talk = make("div", { className: "talk" });
  view.talk.append(view.presence, view.log, view.stage, view.tray, view.problem, composer());
  const named = { role: "dialog", "aria-labelledby": "title" };
  view.panel = make("section", { className: "panel", tabIndex: -1, hidden: true, ...named });
  view.panel.append(topOf(wish.title || title || say("title")), view.talk);
  for (const name of ["keydown", "keyup", "keypress"]) root.addEventListener(name, onKey);
  root.append(view.launcher, view.panel);
}

function topOf(named) {
  view.person = button("person", say("person"), fetchPerson);
  view.details = button("entry", say("details"), () => fromMenu(openDetails));
  view.anew = button("entry", say("anew"), () => fromMenu(startAnew));
  view.menu = make("div", { className: "menu", id: "menu", hidden: true }, view.details, view.anew);
  view.more = iconButton("bare", say("more"), "more", () => showMenu(view.menu.hidden), {
    "aria-expanded": false,
    "aria-controls": "menu",
  });
  const title = make("h2", { id: "title", textContent: named, dir: "auto" });
  const close = iconButton("bare", say("close"), "close", closePanel);
  return make("header", {}, title, view.person, view.more, view.menu, close);
}

function composer() {
  view.words = make("textarea", {
    rows: 1,
    "aria-label": say("label"),
    placeholder: say("placeholder"),
    dir: "auto",
    enterKeyHint: "send",
    input: onWords,
    keydown: (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      sendWords();
    },
  });
  const post = iconButton("send", say("send"), "send", () => {}, { type: "submit" });
  const submit = (event) => {
    event.preventDefault();
    sendWords();
  };
  return make("form", { className: "composer", submit }, view.words, post);
}

function onWords() {
  const { value } = view.words;
  view.words.rows = Math.min(5, value.split("\n").length);
  keep(() => ({ draft: value }));
}

function sendWords() {
  const text = view.words.value.trim();
  if (!text) return;
  view.words.value = "";
  view.words.rows = 1;
  send(text);
}

// Gives a text back to where it can be changed, before what was typed meanwhile.
function giveBack(text) {
  view.words.value = [text, view.words.value].filter(Boolean).join("\n");
  onWords();
  view.words.focus();
}

// --------------------------------------------------------- opening and closing

function openPanel({ focus = true } = {}) {
  chat.open = true;
  view.panel.hidden = false;
  view.launcher.setAttribute("aria-expanded", true);
  host.toggleAttribute("data-shown", true);
  view.panel.setAttribute("aria-modal", small.matches);
  contrast();
  if (small.matches) fit();
  if (focus) (small.matches ? view.panel : view.words).focus();
  view.log.scrollTop = view.log.scrollHeight;
  markSeen();
  announce("open");
  if (chat.ready) (chat.conversation ? Promise.resolve() : recall()).then(listen);
}

function closePanel() {
  const inside = view.panel.contains(root.activeElement);
  chat.open = false;
  showMenu(false);
  view.panel.hidden = true;
  view.launcher.setAttribute("aria-expanded", false);
  host.toggleAttribute("data-shown", false);
  if (inside) view.launcher.focus();
  announce("close");
}

function showMenu(shown) {
  view.details.hidden = !chat.settings.lead_fields.length;
  view.menu.hidden = !shown;
  view.more.setAttribute("aria-expanded", shown);
}

function fromMenu(act) {
  showMenu(false);
  act();
}

// The page must not take for its own what is typed here.
function onKey(event) {
  event.stopPropagation();
  if (event.type !== "keydown") return;
  if (event.key === "Escape") {
    event.preventDefault();
    if (!view.menu.hidden) fromMenu(() => view.more.focus());
    else if (view.talk.hidden) closeDetails();
    else if (chat.open) closePanel();
  }
  if (event.key === "Tab" && small.matches && chat.open) stayInside(event);
}

// On a small screen the panel covers the page, so that the focus stays in it.
function stayInside(event) {
  const shown = [...view.panel.querySelectorAll("button, a, textarea, input, [tabindex='0']")];
  const stops = shown.filter((element) => element.checkVisibility?.() ?? element.offsetParent);
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  const leaving = root.activeElement === from || (event.shiftKey && root.activeElement === view.panel);
  if (!leaving) return;
  event.preventDefault();
  to.focus();
}

// ----------------------------------------------------------------- messages

const WHO = { customer: "you", bot: "bot", operator: "operator", notice: "notice" };

function elementOf(item) {
  const who = make("p", { className: "who" }, make("bdi", { textContent: item.name || say(WHO[item.author]) }));
  if (item.at) who.append(" · ", make("time", { dateTime: item.at, textContent: asTime(item.at) }));
  item.words = make("div", { className: "words", dir: "auto" });
  item.note = make("p", { className: "note" });
  return make("div", { className: `said ${item.author}` }, who, item.words, item.note);
}

function fillItem(item, options) {
  if (item.answer) return showAnswer(item.words, item.answer, options);
  item.words.replaceChildren(...(item.author === "customer" ? [item.text] : withLinks(item.text)));
  return null;
}

// Puts a message where it belongs; what the server has not placed yet is last.
function place(item) {
  const next = chat.items.find((other) => other.ordinal > item.ordinal && other.element?.isConnected);
  if (item.element.nextSibling === (next?.element ?? null) && item.element.isConnected) return;
  view.log.insertBefore(item.element, next?.element ?? null);
}

function follow(item) {
  view.log.scrollTop = item.element.offsetTop - 12;
}

// Whether the visitor looks at the last message, and not at what was said before.
function isAtEnd() {
  const last = view.log.lastElementChild;
  return !last || last.offsetTop < view.log.scrollTop + view.log.clientHeight;
}

// What was in sight above a form or a keyboard stays in sight when that appears.
function holdEnd() {
  const height = view.log.clientHeight;
  if (height && view.height > height) view.log.scrollTop += view.height - height;
  view.height = height || view.height;
}

// How a message of the visitor fares; with what can be done about it.
function showNote(item, text = "", ...acts) {
  const note = text ? [text, ...acts.flatMap((act) => [" ", act])] : [];
  item.note.replaceChildren(...note);
  item.element.classList.toggle("unsent", Boolean(text));
}

function showStage(text = "") {
  view.stage.textContent = text;
}

function showProblem(text = "") {
  view.problem.hidden = !text;
  view.problem.textContent = text;
}

function showUnread(count) {
  view.badge.hidden = !count;
  view.badge.textContent = count > 9 ? "9+" : count;
  const label = count ? `${say("open")}. ${say("unread", { count })}` : say("open");
  view.launcher.setAttribute("aria-label", label);
  view.launcher.title = label;
}

function showPresence() {
  const muted = ["claimed", "replied"].includes(chat.state);
  const waits = ["waiting", "reopened"].includes(chat.state);
  const named = chat.by ? say("with_person", { name: chat.by }) : say("with_somebody");
  const text = muted ? named : waits ? say("waiting") : "";
  view.presence.hidden = !text;
  if (view.presence.textContent !== text) view.presence.textContent = text;
  view.person.hidden = muted || waits;
  showContactForm(waits);
}

// ---------------------------------------------------------------------- look

const theme = new CSSStyleSheet();

// The page's own `openbook-chat { --openbook-colour: … }` counts more than what is set here.
function dress(colour) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  theme.replaceSync(":host{}");
  root.adoptedStyleSheets = [sheet, theme];
  const [rule] = theme.cssRules;
  const chosen = [wish.colour, colour].find((each) => each && CSS.supports("color", each));
  if (chosen) rule.style.setProperty("--openbook-colour", chosen);
  Object.assign(host, { lang: locale, dir: direction });
  host.dataset.position = wish.position === "start" ? "start" : "end";
}

// White or black on the colour, whichever stands out more: at least 4.58 to 1 (WCAG 2.2, relative luminance).
function contrast() {
  const [rule] = theme.cssRules;
  const numbers = getComputedStyle(view.launcher).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0];
  const light = (value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const [red, green, blue] = numbers.map(light);
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  rule.style.setProperty("--on-colour", luminance > 0.179 ? "#000" : "#fff");
}

// Keeps the panel above the keyboard of a phone.
function fit() {
  const { height, offsetTop } = visualViewport ?? { height: innerHeight, offsetTop: 0 };
  const [rule] = theme.cssRules;
  rule.style.setProperty("--view-height", `${height}px`);
  rule.style.setProperty("--view-top", `${offsetTop}px`);
}
