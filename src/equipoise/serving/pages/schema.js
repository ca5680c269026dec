// Reading an OpenAPI document: its calls in groups, types in words, and bodies to start from.

const EXAMPLES = {
  EventIn: ({ item }) => ({ event_type: "click", session_id: "try-1", item_id: item }),
  ItemIn: () => ({ item_id: "mug-1", title: "Blue mug", price: 7.5, currency: "GBP", categories: ["kitchen"] }),
  RecommendationIn: () => ({ session_id: "try-1", k: 4 }),
  MarkIn: () => ({ label: "Campaign starts" }),
};
const VALUES = { k: () => "6", limit: () => "5", offset: () => "0", item_id: ({ item }) => item, ids: ({ item }) => item, user_id: ({ user }) => user };

/** List the calls of a document as [group, calls] pairs. */
export function groupsOf(document) {
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation, id: `${method}${path}` })));
  const groups = Map.groupBy ? Map.groupBy(calls, groupOf) : grouped(calls);
  return [...groups];
}

function grouped(calls) {
  const groups = new Map();
  for (const call of calls) groups.set(groupOf(call), [...(groups.get(groupOf(call)) ?? []), call]);
  return groups;
}

function groupOf({ path }) {
  const [first, second] = path.split("/").filter((part) => part !== "");
  const word = first === "v1" ? second : first;
  if (word === "health" || word === "metrics") return "Running it";
  return word === undefined ? "Other" : word[0].toUpperCase() + word.slice(1);
}

/** Follow a reference; of alternatives, take the first that is not null or a list. */
export function resolved(schema, document) {
  if (schema === undefined) return {};
  if (schema.$ref !== undefined) return resolved(document.components.schemas[schema.$ref.split("/").at(-1)], document);
  const choice = (schema.oneOf ?? schema.anyOf)?.find(({ type }) => type !== "null" && type !== "array");
  return choice === undefined ? schema : { ...resolved(choice, document), ...described(schema) };
}

const described = ({ description }) => (description === undefined ? {} : { description });

/** Say the type of a schema in words. */
export function typeInWords(schema, document) {
  if (schema.$ref !== undefined) return resolved(schema, document).title ?? "object";
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  const choices = (schema.anyOf ?? schema.oneOf)?.filter(({ type }) => type !== "null");
  if (choices !== undefined) return [...new Set(choices.map((each) => typeInWords(each, document)))].join(" or ");
  if (schema.type === "array") return `list of ${schema.items === undefined ? "anything" : typeInWords(schema.items, document)}`;
  return `${plainType(schema.type)}${limitsOf(schema)}`;
}

function plainType(type) {
  return { string: "text", integer: "whole number", boolean: "true or false", object: "object" }[type] ?? type ?? "anything";
}

function limitsOf({ minimum, maximum, maxLength }) {
  if (minimum !== undefined && maximum !== undefined && maximum < 1e6) return `, ${minimum} to ${maximum}`;
  if (minimum !== undefined && minimum > -1e6) return `, at least ${minimum}`;
  return maxLength === undefined ? "" : `, at most ${maxLength} characters`;
}

/** The schema of a call's body and of its answer, unresolved; undefined where there is none. */
export const bodySchema = ({ operation }) => operation.requestBody?.content["application/json"]?.schema;
export const answerSchema = ({ operation }) => Object.entries(operation.responses)
  .find(([status]) => status.startsWith("2"))?.[1].content?.["application/json"]?.schema;

/** A body to start from; `live` holds ids that exist. */
export function exampleOf(schema, document, live) {
  const told = resolved(schema, document);
  if (told.example !== undefined) return told.example;
  const made = EXAMPLES[told.title];
  if (made !== undefined) return made(live);
  return Object.fromEntries((told.required ?? []).map((name) => [name, valueOf(resolved(told.properties[name], document))]));
}

const valueOf = ({ type, enum: choices }) => choices?.[0] ?? { string: "text", integer: 1, number: 1, boolean: true, array: [] }[type] ?? {};

/** A value to start from for a parameter in the path or query. */
export const parameterValue = ({ name, required }, live) =>
  (required || name === "k" || name === "limit" ? VALUES[name]?.(live) ?? "" : "");
