// The conversation: what was said, what is new, and how it all begins.

const HIDDEN_SECONDS = 60;
const LIVELY_MILLISECONDS = 3600 * 1000;
const MOST_TRIES = 8;

const chat = {
  settings: { lead_fields: [], confidence: "words" },
  items: [],
  held: [],
  conversation: "",
  state: "open",
  by: "",
  contact: "",
  open: false,
  sending: false,
  fetching: false,
  ready: false,
  listening: null,
  posting: null,
  last: -1,
  stirred: 0,
};

// Tells the page what happens; never what was said.
const announce = (name, detail = {}) =>
  host.dispatchEvent(new CustomEvent(`openbook:${name}`, { bubbles: true, detail }));

// ----------------------------------------------------------------- messages

function addItem(given, { fresh = true } = {}) {
  const item = { ordinal: Infinity, at: new Date().toISOString(), ...given };
  const near = isAtEnd();
  item.element = elementOf(item);
  chat.items.push(item);
  chat.items.sort((one, other) => (one.ordinal === other.ordinal ? 0 : one.ordinal - other.ordinal));
  view.log.querySelectorAll(".options").forEach((options) => options.remove());
  place(item);
  const filled = fillItem(item, { fresh });
  if (near || item.author === "customer") {
    follow(item);
    filled?.then(() => follow(item));
  }
  if (item.author !== "customer" && fresh) announce("message", { author: item.author });
  return item;
}

// The server's word about a message that is shown already.
function adopt(item, message) {
  Object.assign(item, { id: message.id, ordinal: message.ordinal, at: message.created_at });
  chat.items.sort((one, other) => (one.ordinal === other.ordinal ? 0 : one.ordinal - other.ordinal));
  place(item);
}

const knownItem = (message) =>
  chat.items.find(
    ({ id, answer, status, text, author }) =>
      id === message.id ||
      (message.answer_id && answer?.id === message.answer_id) ||
      (status === "queued" && !id && author === message.author && text === message.text),
  );

function receive(message, { fresh = true } = {}) {
  chat.last = Math.max(chat.last, message.ordinal);
  const known = knownItem(message);
  if (known) return adopt(known, message);
  if (message.text === null) return null;
  const { id, ordinal, author, text, name, answer, created_at: at } = message;
  return addItem({ id, ordinal, author, text, name, answer, at }, { fresh });
}

// While a message is on its way, what the server tells of it is not news: its answer comes with it.
function onMessage(message) {
  chat.stirred = Date.now();
  if (chat.sending && ["bot", "customer"].includes(message.author)) chat.held.push(message);
  else receive(message);
  markSeen();
}

function release() {
  for (const message of chat.held.splice(0)) receive(message);
  markSeen();
}

// What was said while nobody looked is counted on the button.
function markSeen() {
  const looked = chat.open && !document.hidden;
  if (looked && chat.last > (memory.seen ?? -1)) keep(() => ({ seen: chat.last }));
  const seen = memory.seen ?? -1;
  const isNew = ({ author, ordinal }) => author !== "customer" && ordinal < Infinity && ordinal > seen;
  showUnread(looked ? 0 : chat.items.filter(isNew).length);
}

function setState(state, by) {
  if (state !== chat.state) announce("state", { state });
  Object.assign(chat, { state, by });
  showPresence();
}

// ------------------------------------------------------------- conversations

function beginConversation(conversation) {
  chat.conversation = conversation;
  chat.stirred = Date.now();
  keep(() => ({ conversation }));
  announce("conversation", { id: conversation });
}

// What was said in it stays on the screen, before all that comes.
function leaveConversation() {
  stopListening();
  for (const [index, item] of chat.items.entries()) if (item.ordinal < Infinity) item.ordinal = index - 1e6;
  Object.assign(chat, { conversation: "", last: -1, held: [] });
  keep(() => ({ conversation: "", seen: -1 }));
  setState("open", "");
}

function startAnew() {
  stopListening();
  chat.posting?.abort();
  forgetKept();
  view.words.value = "";
  Object.assign(chat, { items: [], held: [], conversation: "", last: -1, contact: "", stirred: 0 });
  view.log.replaceChildren();
  view.tray.replaceChildren();
  view.contact = null;
  showProblem();
  setState("open", "");
  showUnread(0);
  greet();
  wakeAll();
  if (chat.open) view.words.focus();
}

function greet() {
  addItem({ author: "bot", text: chat.settings.greeting || say("greeting"), ordinal: -1 }, { fresh: false });
  askToKeep();
}

// Shows the conversation that this browser remembers, or the one that a proved visitor had elsewhere.
async function recall() {
  if (identity && !memory.token) await Promise.resolve(visitorToken()).catch(() => {});
  const begun = chat.sending || chat.items.some(({ status }) => status === "sent");
  if (!memory.conversation || !memory.token || begun) return;
  chat.conversation = memory.conversation;
  for (let tries = 0; chat.conversation && chat.conversation === memory.conversation; tries++) {
    try {
      const found = await (await asVisitor(about())).json();
      chat.contact = found.contact;
      chat.stirred = Date.parse(found.updated_at) || 0;
      found.messages.forEach((message) => receive(message, { fresh: false }));
      setState(found.state, found.claimed_by_name);
      markSeen();
      return;
    } catch (error) {
      if ([401, 403, 404].includes(error.status)) leaveConversation();
      else await pause(backoff(tries));
    }
  }
}

// -------------------------------------------------------------------- live

// Whether to be told at once: while it is open, while a person is awaited, and for an hour after the last word.
function isLively() {
  if (document.hidden || !chat.conversation || !memory.token) return false;
  const awaited = !["open", "resolved", "returned", "expired"].includes(chat.state);
  return chat.open || awaited || Date.now() - chat.stirred < LIVELY_MILLISECONDS;
}

async function listen() {
  if (chat.listening || !isLively()) return;
  const abort = (chat.listening = new AbortController());
  for (let tries = 0; !abort.signal.aborted && isLively(); tries++) {
    try {
      await hear(abort, () => (tries = 0));
    } catch (error) {
      if ([401, 403, 404].includes(error.status)) break;
      await pause(Math.max(error.wait ?? 0, backoff(tries)));
    }
  }
  if (chat.listening === abort) chat.listening = null;
}

function stopListening() {
  chat.listening?.abort();
  chat.listening = null;
}

async function hear(listening, onAlive) {
  const abort = new AbortController();
  listening.signal.addEventListener("abort", () => abort.abort());
  const headers = { Accept: STREAM, ...(chat.last >= 0 && { "Last-Event-ID": String(chat.last) }) };
  const response = await asVisitor(about("/events"), { headers, signal: abort.signal });
  for await (const { name, data } of eventsOf(response, abort)) {
    onAlive();
    if (listening.signal.aborted) return;
    if (name === "message") onMessage(data);
    if (name === "state") setState(data.state, data.claimed_by_name);
  }
  throw new TypeError("the stream ended");
}

let hiding = 0;

// A page that nobody looks at for long costs nothing; it catches up when it is looked at again.
function onVisibility() {
  clearTimeout(hiding);
  if (document.hidden) {
    hiding = setTimeout(stopListening, HIDDEN_SECONDS * 1000);
  } else {
    wakeAll();
    listen();
    markSeen();
  }
}

// Another tab began, went on with or forgot the conversation.
function onStorage({ key }) {
  if (key !== KEY) return;
  const found = readKept();
  if (!found) {
    if (allowed) startAnew();
    return;
  }
  const joins = !chat.conversation && !chat.items.some(({ status }) => status) && found.conversation;
  if (!joins && found.conversation !== chat.conversation) return;
  memory = found;
  allowed = true;
  markSeen();
  if (joins) recall().then(listen);
}

// ---------------------------------------------------------------- beginning

async function refreshSettings() {
  try {
    const response = await call(`v1/widget?locale=${encodeURIComponent(locale)}`);
    chat.settings = { ...chat.settings, ...(await response.json()) };
  } catch (error) {
    if (chat.settings.title === undefined) throw error;
  }
}

// A browser does not say why a page may not read an answer; if the script itself can be had, it is the origin.
async function isRefused(error) {
  if (error.status !== undefined) return error.status === 403;
  try {
    await fetch(tag.src, { mode: "no-cors", cache: "no-store", credentials: "omit" });
    return true;
  } catch {
    return false;
  }
}

async function loadSettings() {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    try {
      return await refreshSettings();
    } catch (error) {
      if (await isRefused(error)) {
        const mend = `widget.origins = ["${location.origin}"]`;
        throw new Error(`openbook: pages of ${location.origin} may not use ${server.origin}; it needs ${mend}`);
      }
      await pause(backoff(tries));
    }
  }
  throw new Error(`openbook: ${server.origin} cannot be reached. Does the page's connect-src policy name it?`);
}

// What the page may do with the widget.
const forPages = {
  open: () => openPanel(),
  close: closePanel,
  forget: startAnew,
  identify: (token = "") => {
    const before = subject();
    identity = token;
    if (subject() === before) return;
    startAnew();
    if (chat.open) recall().then(listen);
  },
};

async function start() {
  if (document.querySelector(NAME)) return;
  try {
    await loadSettings();
  } catch (error) {
    console.error(error.message);
    return;
  }
  if (document.readyState === "loading") {
    await new Promise((go) => addEventListener("DOMContentLoaded", go, { once: true }));
  }
  if (document.querySelector(NAME)) return;
  Object.assign(words, chat.settings.strings);
  resume();
  buildView(chat.settings);
  dress(chat.settings.colour);
  document.body.append(Object.assign(host, forPages));
  contrast();
  greet();
  view.words.value = memory.draft ?? "";
  addEventListener("online", wakeAll);
  addEventListener("storage", onStorage);
  addEventListener("pagehide", stopListening);
  addEventListener("pageshow", listen);
  document.addEventListener("visibilitychange", onVisibility);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", contrast);
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  announce("ready");
  if ("open" in wish && wish.open !== "false") openPanel({ focus: false });
  addUnsent();
  if (memory.token) await recall();
  sendNext();
  chat.ready = true;
  if (chat.open) recall().then(listen);
}

start();
