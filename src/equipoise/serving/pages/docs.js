// The page to try the API: reads the server's own description and sends what is written.

import { byId, el } from "./dom.js";
import { answerSchema, bodySchema, exampleOf, groupsOf, parameterValue, resolved, typeInWords } from "./schema.js";

let document_ = null;
let live = { item: "mug-1", user: "12748" };

async function begin() {
  document_ = await (await fetch("/openapi.json")).json();
  live = { ...live, ...(await someItem()) };
  addEventListener("hashchange", showChosen);
  showChosen();
}

async function someItem() {
  const answer = await fetch("/v1/items?limit=1").then((response) => response.json()).catch(() => ({}));
  const first = answer.items?.[0];
  return first === undefined ? {} : { item: first.item_id };
}

function showChosen() {
  const groups = groupsOf(document_);
  const calls = groups.flatMap(([, list]) => list);
  const wanted = decodeURIComponent(location.hash.slice(1));
  const chosen = calls.find(({ id }) => id === wanted) ?? calls.find(({ path }) => path === "/v1/recommendations") ?? calls[0];
  byId("calls").replaceChildren(...groups.flatMap(([group, list]) => [el("h2", {}, group), ...list.map((call) => link(call, chosen))]));
  byId("calls").querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
  byId("call").replaceChildren(...callPage(chosen));
}

function link(call, chosen) {
  return el("a", { href: `#${call.id}`, "aria-current": call === chosen ? "true" : null }, badge(call.method), call.path);
}

const badge = (method) => el("span", { class: `method ${method}` }, method.toUpperCase());

function callPage(call) {
  const { operation } = call;
  const body = bodySchema(call);
  return [
    el("p", { class: "path" }, badge(call.method), call.path),
    el("h1", {}, operation.summary),
    el("p", { class: "about soft" }, aboutOf(operation, body)),
    ...bench(call, body),
    ...fieldsSection("What it takes", body, { saysNeeded: true }),
    ...fieldsSection("What it answers", answerSchema(call), { saysNeeded: false }),
  ];
}

function aboutOf(operation, body) {
  const told = operation.description ?? (body === undefined ? "" : resolved(body, document_).description ?? "");
  const many = body?.oneOf?.some(({ type }) => type === "array") ? " One object, or an array of them." : "";
  return `${told}${many}`;
}

function bench(call, body) {
  const inputs = (call.operation.parameters ?? []).map((parameter) => ({ parameter, input: inputOf(parameter) }));
  const text = body === undefined ? null : el("textarea", { "aria-label": "Body, JSON", spellcheck: "false" });
  if (text !== null) text.value = JSON.stringify(exampleOf(body, document_, live), null, 2);
  const status = el("span", { class: "status" });
  const answer = el("pre", { tabindex: "0", "aria-label": "Answer" }, "Press Send.");
  const button = el("button", { class: "button main", type: "button" }, "Send");
  const curl = el("pre", {});
  const write = () => { curl.textContent = curlOf(call, urlOf(call, inputs), text?.value); };
  for (const field of [text, ...inputs.map(({ input }) => input)]) field?.addEventListener("input", write);
  button.addEventListener("click", () => send(call, urlOf(call, inputs), text?.value, { button, status, answer }));
  write();
  return [
    el("div", { class: "bench" },
      el("section", { class: "side" }, el("header", {}, "Request", button), parametersOf(inputs), text ?? el("p", { class: "no-body" }, "This call has no body.")),
      el("section", { class: "side" }, el("header", {}, "Answer", status), answer)),
    el("details", { class: "curl" }, el("summary", {}, "The same with curl"), curl),
  ];
}

function inputOf(parameter) {
  return el("input", { value: parameterValue(parameter, live), placeholder: parameter.required ? "needed" : "optional", autocomplete: "off" });
}

function parametersOf(inputs) {
  if (inputs.length === 0) return null;
  return el("div", { class: "params" }, inputs.map(({ parameter, input }) =>
    el("label", {}, parameter.name, el("small", {}, parameter.schema.description ?? typeInWords(parameter.schema, document_)), input)));
}

function urlOf({ path }, inputs) {
  const query = new URLSearchParams();
  let url = path;
  for (const { parameter, input } of inputs) {
    if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value !== "") query.set(parameter.name, input.value);
  }
  return query.size > 0 ? `${url}?${query}` : url;
}

function curlOf({ method }, url, body) {
  const verb = method === "get" || method === "post" ? "" : ` -X ${method.toUpperCase()}`;
  const data = body === undefined ? "" : ` \\\n  -H 'content-type: application/json' -d '${body.replaceAll("'", "'\\''")}'`;
  return `curl -s${verb} '${location.origin}${url}'${data}`;
}

async function send({ method }, url, body, { button, status, answer }) {
  button.disabled = true;
  const started = performance.now();
  try {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(url, { method: method.toUpperCase(), headers, body });
    const text = await response.text();
    showStatus(status, `${response.status} ${response.statusText}`, performance.now() - started, response.ok);
    answer.textContent = pretty(text);
  } catch {
    showStatus(status, "no answer", performance.now() - started, false);
    answer.textContent = "The server does not answer.";
  } finally {
    button.disabled = false;
  }
}

function showStatus(status, text, milliseconds, isGood) {
  status.className = isGood ? "status" : "status bad";
  status.replaceChildren(el("b", {}, text.trim()), `${milliseconds.toFixed(1)} ms`);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function fieldsSection(title, schema, { saysNeeded }) {
  if (schema === undefined) return [];
  const told = resolved(schema, document_);
  const list = fieldList(told, new Set(saysNeeded ? told.required : []), 1);
  return list === null ? [] : [el("h2", {}, title), list];
}

function fieldList(schema, needed, depth) {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return null;
  return el("dl", { class: "fields" }, fields.map(([name, field]) => el("div", {},
    el("dt", {}, name),
    el("dd", {},
      typeInWords(field, document_),
      needed.has(name) ? el("span", { class: "needed" }, " needed") : null,
      noteOf(field),
      depth < 3 ? inner(field, depth) : null))));
}

function noteOf(field) {
  const { description } = resolved(field, document_);
  return description === undefined ? null : el("div", { class: "soft" }, description);
}

function inner(field, depth) {
  return fieldList(resolved(field.type === "array" ? field.items : field, document_), new Set(), depth + 1);
}

begin().catch(() => byId("call").replaceChildren(el("p", {}, "The server does not answer; reload this page once it runs.")));
