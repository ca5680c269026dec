// Who is visiting: a session of this tab, and perhaps a customer's id.

const KEY = "visitor";
const SAMPLES = ["12748", "14606", "17841", "13089", "15311"];

const fresh = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return { session_id: `web-${Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("")}`, user_id: null };
};

let visitor = JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? fresh();
keep(visitor);

function keep(next) {
  visitor = next;
  sessionStorage.setItem(KEY, JSON.stringify(visitor));
}

/** Start a new session, as a customer or (null) as somebody unknown. */
export const become = (userId) => keep({ ...fresh(), user_id: userId });

/** The customer's id, or null. */
export const userId = () => visitor.user_id;

/** The fields that name the visitor in a call. */
export function identity() {
  const { session_id, user_id } = visitor;
  return user_id === null ? { session_id } : { session_id, user_id };
}

/** What to call the visitor. */
export const visitorName = () => (visitor.user_id === null ? "New visitor" : `Customer ${visitor.user_id}`);

/** Customers to try, the present one included. */
export function sampleIds() {
  const others = SAMPLES.filter((id) => id !== visitor.user_id);
  return visitor.user_id === null || SAMPLES.includes(visitor.user_id) ? SAMPLES : [visitor.user_id, ...others];
}
