// The calls the pages make. Every failure becomes an Error whose message can be shown.

async function call(method, path, body) {
  const response = await reach(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await problemOf(response));
  return response.json();
}

async function reach(path, options) {
  try {
    return await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Error("The server does not answer.");
  }
}

async function problemOf(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.detail || problem.title || `The server answered ${response.status}.`;
}

/** Ask for a slate. */
export const recommend = (request) => call("POST", "/v1/recommendations", request);

/** Tell what happened; `events` is an array. Throws where any was refused. */
export async function tell(events) {
  const answer = await call("POST", "/v1/events", events);
  if (answer.rejected && answer.rejected.length > 0) throw new Error(answer.rejected[0].reason);
  return answer;
}

/** What the server remembers of a user. */
export const userOf = (id) => call("GET", `/v1/users/${encodeURIComponent(id)}`);

/** The dashboard's figures. */
export const figures = () => call("GET", "/dashboard/figures");

/** What of the exploration budget is spent. */
export const exploration = () => call("GET", "/v1/exploration");

const known = new Map();

/** Return a Map of items by id; each is fetched once, and one without a record keeps its id as title. */
export async function itemsOf(ids) {
  const missing = [...new Set(ids)].filter((id) => !known.has(id));
  if (missing.length > 0) {
    const query = missing.map(encodeURIComponent).join(",");
    const { items } = await call("GET", `/v1/items?ids=${query}`);
    for (const item of items) known.set(item.item_id, item);
  }
  return new Map(ids.map((id) => [id, known.get(id) ?? { item_id: id, title: "" }]));
}
