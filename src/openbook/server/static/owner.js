// Keeps the owner's pages up to date while long work goes on. Every page works without it.
import { NO_CONNECTION, readEvents, refusal } from "./events.js";

const LOOK_AGAIN_MS = 1000;

// ------------------------------------------------------ readings under way

const status = document.getElementById("reading-status");

function readings() {
  return [...document.querySelectorAll("[data-reading]")];
}

async function watch() {
  if (!readings().length) return;
  try {
    const response = await fetch("/owner/sources/under-way", { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    const steps = await response.json();
    for (const element of readings()) showStep(element, steps[element.dataset.reading]);
    if (readings().some((element) => !(element.dataset.reading in steps))) await renew();
  } catch {
    // the server is away for a moment: look again
  }
  setTimeout(watch, LOOK_AGAIN_MS);
}

function showStep(element, step) {
  if (!step) return;
  const bar = element.querySelector("progress");
  if (step.total) [bar.max, bar.value] = [step.total, step.done];
  element.querySelector('[data-slot="words"]').textContent = step.words;
  element.querySelector('[data-slot="detail"]').textContent = step.detail;
}

// Takes the list as it is now, and leaves the rest of the page, such as a form that is being filled in.
async function renew() {
  const page = await pageAt("/owner/sources");
  const focused = document.activeElement?.closest("#sources article")?.id;
  const reading = readings().length;
  document.getElementById("sources").replaceWith(page.getElementById("sources"));
  if (focused) document.getElementById(focused)?.querySelector("button, a")?.focus();
  if (readings().length < reading) status.textContent = "A reading has ended.";
}

async function pageAt(address) {
  return parsed(await (await fetch(address)).text());
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

watch();

// ------------------------------------------------- forms whose work is long

function begin() {
  for (const form of document.querySelectorAll("form[data-live]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      follow(form);
    });
    if ("begin" in form.dataset) follow(form);
  }
  prepareFile();
}

async function follow(form) {
  const rest = [...form.querySelectorAll(".live-rest")];
  const shown = rest.filter((element) => !element.hidden);
  const progress = document.getElementById("progress-template").content.cloneNode(true).firstElementChild;
  form.querySelector('[data-slot="notice"]')?.remove();
  shown.forEach((element) => (element.hidden = true));
  form.append(progress);
  try {
    const page = parsed(await pageOf(form, progress));
    document.getElementById("main").replaceWith(page.getElementById("main"));
    begin();
    (document.querySelector("#main h2[tabindex]") ?? document.getElementById("main")).focus();
  } catch (error) {
    progress.remove();
    shown.forEach((element) => (element.hidden = false));
    showProblem(form, error.problem ?? NO_CONNECTION);
  }
}

async function pageOf(form, progress) {
  const fields = new URLSearchParams(new FormData(form));
  const isGet = form.method === "get";
  const response = await fetch(isGet ? `${form.action}?${fields}` : form.action, {
    method: form.method,
    headers: { Accept: "text/event-stream" },
    body: isGet ? undefined : fields,
  });
  if (!(response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) return await refused(response);
  for await (const { name, data } of readEvents(response.body)) {
    if (name === "page") return data.html;
    if (name === "error") throw refusal(data);
    showStep(progress, data);
  }
  throw refusal(NO_CONNECTION);
}

// A page instead of events: a refusal, or the form to sign in. It is shown as it is.
async function refused(response) {
  const html = await response.text();
  if (!parsed(html).getElementById("main")) throw refusal(NO_CONNECTION);
  return html;
}

function showProblem(form, problem) {
  const notice = document.getElementById("problem-template").content.cloneNode(true).firstElementChild;
  notice.querySelector('[data-slot="detail"]').textContent = problem.detail;
  notice.querySelector('[data-slot="fix"]').textContent = problem.fix;
  form.prepend(notice);
}

// ------------------------------------------------------ a file to be tried

function prepareFile() {
  for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
  const file = document.getElementById("file");
  file?.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    document.getElementById("text").value = await chosen.text();
    document.getElementById("name").value = chosen.name;
    const document_ = document.getElementById("document");
    const same = [...document.getElementById("known").options].filter(({ value }) => value.split("/").pop() === chosen.name);
    if (!document_.value && same.length === 1) document_.value = same[0].value;
  });
}

begin();
