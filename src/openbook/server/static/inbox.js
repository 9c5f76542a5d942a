// Makes the inbox live, and reachable by the keyboard throughout. Every page of it works without this.
import { NO_CONNECTION, refusal } from "./events.js";

const RENEW_AFTER_MS = 120;
const LISTEN_AGAIN_MS = 5000;
const TOAST_MS = 8000;
const NEAR_THE_END = 120;
const SIGNED_OUT = {
  code: "not_signed_in",
  detail: "You are signed out. What you wrote is kept here.",
  fix: "Sign in again in the tab that opens, then send it from this one.",
};
const SAID = {
  claim: "You have it now.",
  take_over: "You have it now.",
  release: "It waits again.",
  return: "The bot answers again.",
  resolve: "Resolved.",
  reply: "Sent.",
  note: "The note is kept.",
};

const screen = document.getElementById("handoff");
const handoff = screen?.dataset.handoff;
const title = document.title;

function $(id) {
  return document.getElementById(id);
}

function toast(words) {
  const line = document.createElement("p");
  line.className = "toast";
  line.textContent = words;
  $("toasts")?.append(line);
  setTimeout(() => line.remove(), TOAST_MS);
}

// ------------------------------------------------- speaking to the server

function token() {
  return document.querySelector('meta[name="openbook-csrf"]').content;
}

// The page as it is now; null where nobody is signed in any more.
async function pageNow() {
  const response = await fetch(location.pathname + location.search);
  if (response.redirected || !response.ok) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

// Takes the token of a new session, after somebody signed in again elsewhere.
async function freshToken() {
  const page = await pageNow();
  const fresh = page?.querySelector('meta[name="openbook-csrf"]')?.content;
  if (!fresh) return false;
  document.querySelector('meta[name="openbook-csrf"]').content = fresh;
  for (const field of document.querySelectorAll('input[name="form_token"]')) field.value = fresh;
  return true;
}

async function post(place, makeOptions, mayTryAgain = true) {
  let response;
  try {
    response = await fetch(place, { method: "POST", ...makeOptions() });
  } catch {
    throw refusal(NO_CONNECTION);
  }
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  if (response.ok && !response.redirected && isJson) return response.json();
  const problem = isJson ? await response.json() : SIGNED_OUT;
  const isKnown = !["not_signed_in", "not_same_origin"].includes(problem.code);
  if (isKnown) throw refusal(problem);
  if (mayTryAgain && (await freshToken().catch(() => false))) return post(place, makeOptions, false);
  throw refusal(SIGNED_OUT);
}

function act(id, what, body = {}, headers = {}) {
  return post(`/v1/handoffs/${id}/${what}`, () => ({
    headers: { "Content-Type": "application/json", "X-Openbook-CSRF": token(), ...headers },
    body: JSON.stringify(body),
  }));
}

function showProblem(error) {
  const problem = error.problem ?? NO_CONNECTION;
  const place = $("problem");
  if (!place) return toast(`${problem.detail} ${problem.fix}`);
  const notice = $("problem-template").content.cloneNode(true).firstElementChild;
  notice.querySelector('[data-slot="detail"]').textContent = problem.detail;
  notice.querySelector('[data-slot="fix"]').textContent = problem.fix;
  if (problem.code === SIGNED_OUT.code) notice.append(signInLink());
  place.replaceChildren(notice);
}

function signInLink() {
  const link = document.createElement("a");
  Object.assign(link, { href: "/owner", target: "_blank", rel: "noopener", textContent: "Sign in again", className: "button" });
  return link;
}

// ------------------------------------------------------- what is up to date

let renewing = false;
let renewAgain = false;

// Does something in a moment, once however often it is asked for until then.
function soonAndOnce(work) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      work();
    }, RENEW_AFTER_MS);
  };
}

const renewSoon = soonAndOnce(renew);
const countSoon = soonAndOnce(countWaiting);

async function renew() {
  if (renewing) {
    renewAgain = true;
    return;
  }
  renewing = true;
  try {
    const page = await pageNow();
    if (page) take(page);
  } catch {
    // the server is away for a moment: the next change brings it up to date
  } finally {
    renewing = false;
  }
  if (renewAgain) {
    renewAgain = false;
    renewSoon();
  }
}

function take(page) {
  if (screen) appendMessages(page);
  else announceRows(page);
  for (const region of document.querySelectorAll("[data-renewed]")) {
    const fresh = page.getElementById(region.id);
    if (fresh) exchange(region, fresh);
  }
  if (screen) return;
  document.title = page.title;
  $("inbox-waiting").textContent = page.getElementById("inbox-waiting").textContent;
}

// Puts a region's new content in its place; what is open stays open, what has the focus keeps it.
function exchange(region, fresh) {
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  const open = [...region.querySelectorAll("details")].map((element) => element.open);
  fresh.querySelectorAll("details").forEach((element, place) => (element.open = open[place] ?? element.open));
  region.replaceChildren(...fresh.childNodes);
  if (!focused) return;
  const again = (focused.id && $(focused.id)) || region.querySelector("a, button") || $("log");
  again?.focus({ preventScroll: true });
}

function announceRows(page) {
  const known = new Set([...document.querySelectorAll(".handoff")].map(({ id }) => id));
  const fresh = [...page.querySelectorAll(".state-waiting, .state-reopened")].filter(({ id }) => !known.has(id));
  for (const row of fresh) toast(`A conversation waits: ${row.querySelector(".handoff-name").textContent}`);
}

function appendMessages(page) {
  const log = $("log");
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
  const fresh = [...page.querySelectorAll("#log > li")].filter(({ id }) => !$(id));
  for (const message of fresh) {
    log.append(message);
    if (message.dataset.author !== "customer") continue;
    toast(`New message from ${message.querySelector(".said-by strong").textContent}`);
  }
  if (fresh.length && isAtEnd) log.scrollTop = log.scrollHeight;
}

async function countWaiting() {
  const response = await fetch("/v1/handoffs?state=waiting,reopened&limit=1").catch(() => null);
  if (!response?.ok) return;
  const { waiting } = await response.json();
  document.title = waiting ? `(${waiting}) ${title}` : title;
  $("others-waiting").textContent = waiting ? `${waiting} waiting` : "nobody waits";
}

let events = null;

// A browser keeps few connections to one server: conversations in tabs that nobody looks at give theirs back.
function listen() {
  if (screen && document.hidden) return;
  events?.close();
  const stream = new EventSource("/inbox/events");
  events = stream;
  stream.addEventListener("changed", ({ data }) => {
    const where = JSON.parse(data).conversation_id;
    if (screen) countSoon();
    if (!screen || !where || where === screen.dataset.conversation) renewSoon();
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED && stream === events) setTimeout(listen, LISTEN_AGAIN_MS);
  });
}

function onVisibility() {
  if (!screen) return;
  if (!document.hidden) return listen();
  events?.close();
  events = null;
}

// ------------------------------------------- what is being written is kept

function draftOf(form) {
  return `openbook.inbox.${handoff}.${form.dataset.write}`;
}

function keepDraft(form) {
  const { text, key } = form.elements;
  if (text.value) sessionStorage.setItem(draftOf(form), JSON.stringify({ text: text.value, key: key.value }));
  else sessionStorage.removeItem(draftOf(form));
}

function bringDraftBack(form) {
  const kept = JSON.parse(sessionStorage.getItem(draftOf(form)) ?? "null");
  if (!kept || form.elements.text.value) return;
  form.elements.text.value = kept.text;
  form.elements.key.value = kept.key;
  form.closest("details")?.setAttribute("open", "");
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function write(form) {
  const what = form.dataset.write;
  const { text, key } = form.elements;
  if (form.dataset.sending || !text.value.trim()) return;
  // a repeat of the same words is no second message; other words are
  if (form.dataset.tried && form.dataset.tried !== text.value) key.value = newKey();
  form.dataset.tried = text.value;
  form.dataset.sending = "yes";
  keepDraft(form);
  try {
    await act(handoff, what, { text: text.value }, { "Idempotency-Key": key.value });
    sessionStorage.removeItem(draftOf(form));
    text.value = "";
    key.value = newKey();
    delete form.dataset.tried;
    done(what);
  } catch (error) {
    showProblem(error);
  } finally {
    delete form.dataset.sending;
  }
}

function done(what) {
  $("problem").replaceChildren();
  toast(SAID[what]);
  renewSoon();
}

async function step(form) {
  const what = form.dataset.act;
  const isTakeOver = what === "take_over";
  try {
    await act(handoff, isTakeOver ? "claim" : what, isTakeOver ? { take_over: true } : {});
    done(what);
  } catch (error) {
    showProblem(error);
    renewSoon();
  }
}

async function correct(form, kind) {
  try {
    const { said } = await post(form.action, () => {
      const fields = new URLSearchParams(new FormData(form));
      fields.set("kind", kind);
      return { headers: { Accept: "application/json" }, body: fields };
    });
    $("problem").replaceChildren();
    toast(said);
    renewSoon();
  } catch (error) {
    showProblem(error);
  }
}

// Puts words where the reply is being written.
function insert(words) {
  const reply = $("reply");
  const gap = reply.value && reply.selectionStart === reply.value.length && !/\s$/.test(reply.value) ? "\n\n" : "";
  reply.focus();
  reply.setRangeText(gap + words, reply.selectionStart, reply.selectionEnd, "end");
  keepDraft(reply.form);
}

function insertMacro(field, isSure) {
  const options = [...$("macros").options];
  const wanted = field.value.trim().toLowerCase();
  const exact = options.find(({ value }) => value.toLowerCase() === wanted);
  const found = exact ?? (isSure && wanted ? options.find(({ value }) => value.toLowerCase().includes(wanted)) : null);
  if (!found) return;
  field.value = "";
  insert(found.dataset.body);
}

// --------------------------------------------------------------------- keys

function rows() {
  return [...document.querySelectorAll("a[data-row]")];
}

function moveBy(distance) {
  const every = rows();
  const place = every.indexOf(document.activeElement);
  const next = place < 0 ? (distance > 0 ? 0 : every.length - 1) : place + distance;
  every[Math.min(Math.max(next, 0), every.length - 1)]?.focus();
}

async function claimRow() {
  const row = document.activeElement?.closest?.("a[data-row]");
  if (!row) return;
  try {
    await act(row.dataset.row, "claim");
    location.href = row.href;
  } catch (error) {
    showProblem(error);
  }
}

function focusOn(id) {
  const field = $(id);
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
  if (field?.type === "search") field.select();
}

const LIST_KEYS = {
  j: () => moveBy(1),
  k: () => moveBy(-1),
  c: claimRow,
  "/": () => focusOn("words"),
};
const SCREEN_KEYS = {
  c: () => $("act-claim")?.click(),
  r: () => focusOn("reply"),
  n: () => focusOn("note"),
  m: () => focusOn("macro"),
  e: () => $("act-resolve")?.click(),
  b: () => $("act-return")?.click(),
  u: () => $("back").click(),
  "/": () => (location.href = "/inbox#words"),
};

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || $("keys")?.open) return;
  const field = event.target.closest?.("input, textarea, select");
  if (field) return onKeyInField(event, field);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const does = event.key === "?" ? () => $("keys")?.showModal() : (screen ? SCREEN_KEYS : LIST_KEYS)[event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

function onKeyInField(event, field) {
  if (event.key === "Escape") field.blur();
  if (field.id === "macro" && event.key === "Enter") {
    event.preventDefault();
    insertMacro(field, true);
  }
  const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (isSend && field.form?.dataset.write) {
    event.preventDefault();
    field.form.requestSubmit();
  }
}

// -------------------------------------------------------------------- begin

function begin() {
  if (!$("toasts")) return; // a page with nothing live on it
  document.addEventListener("keydown", onKey);
  document.addEventListener("visibilitychange", onVisibility);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) $("keys").showModal();
    if (!event.target.closest("#use-suggestion")) return;
    event.preventDefault();
    insert($("suggestion").textContent);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!screen || form.method === "dialog" || !(form.dataset.write || form.dataset.act || "correction" in form.dataset)) return;
    event.preventDefault();
    if (form.dataset.write) write(form);
    else if (form.dataset.act) step(form);
    else correct(form, event.submitter?.value ?? "evaluation");
  });
  for (const element of document.querySelectorAll("[data-with-script], [data-keys]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  for (const form of document.querySelectorAll("form[data-write]")) {
    bringDraftBack(form);
    form.addEventListener("input", () => keepDraft(form));
  }
  $("macro")?.addEventListener("input", (event) => insertMacro(event.target, false));
  if (location.hash === "#words") focusOn("words");
  if ($("log")) $("log").scrollTop = $("log").scrollHeight;
  listen();
}

begin();
