// Where the widget is: its script tag, its server, the visitor's language; and how elements are made.
// The parts of the widget are joined into one script, in which they share their names. Before them stand
// STRINGS and LOOK, the texts of strings.json and look.css.

const tag = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
const server = new URL(".", tag.src);
const wish = tag.dataset;
const NAME = "openbook-chat";

const locale = (wish.locale || document.documentElement.lang || navigator.language || "en").replace("_", "-");
const language = locale.split("-")[0].toLowerCase();
const direction = ["ar", "fa", "he", "ur", "ps", "yi"].includes(language) ? "rtl" : "ltr";
const words = { ...STRINGS.en, ...STRINGS[language] };

const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const minutes = (seconds) => Math.max(1, Math.ceil(seconds / 60));

function inWords(date, style) {
  try {
    return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, style).format(new Date(date));
  } catch {
    return String(date).slice(0, 10);
  }
}

const asDay = (date) => inWords(date, { dateStyle: "long", timeZone: "UTC" });
const asTime = (date) => inWords(date, { hour: "numeric", minute: "2-digit" });

// ---------------------------------------------------------------- elements

// A function is listened with; names with a hyphen and roles are attributes; everything else is a property.
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

const button = (className, label, click, properties = {}) =>
  make("button", { type: "button", className, textContent: label, click, ...properties });

const iconButton = (className, label, shape, click, properties = {}) => {
  const element = button(className, "", click, { "aria-label": label, title: label, ...properties });
  element.append(icon(shape));
  return element;
};

const SHAPES = {
  chat: "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 11v2M4 12h2M12 11v2M11 12h2M19 11v2M18 12h2",
  send: "M4 12l16-8-6 17-3-7z",
  up: "M7 11l4-8c1.500 0 2.500 1 2.500 2.500V9H19a2 2 0 0 1 2 2.300l-1 7a2 2 0 0 1-2 1.700H7zM7 11H3v9h4z",
  down: "M17 13l-4 8c-1.500 0-2.500-1-2.500-2.500V15H5a2 2 0 0 1-2-2.300l1-7A2 2 0 0 1 6 4h11zM17 13h4V4h-4z",
};

function icon(shape) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  const drawn = { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": true, focusable: false };
  for (const [name, value] of Object.entries(drawn)) picture.setAttribute(name, value);
  path.setAttribute("d", SHAPES[shape]);
  picture.append(path);
  return picture;
}

const isLink = (address) => /^https?:\/\//i.test(address ?? "");

const link = (address, text) =>
  make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", textContent: text });

// A text whose web addresses can be followed.
function withLinks(text) {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/i)
    .filter(Boolean)
    .map((part) => (isLink(part) ? link(part, part) : part));
}
