import type { Goal, SentEvent, State } from "./state";

const wholes = new Intl.NumberFormat("en");
const amounts = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percents = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const changes = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });

export const whole = (value: number) => wholes.format(value);
export const money = (value: number) => amounts.format(value);
export const percent = (value: number) => percents.format(value);
export const change = (value: number) => changes.format(value);
export const time = (text: string) => new Date(text).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
export const count = (value: number, one: string, many: string) => `${whole(value)} ${value === 1 ? one : many}`;

/** How long ago, in the words of a conversation. */
export function ago(text: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(text)) / 1000);
  return seconds < 5 ? "now"
    : seconds < 60 ? `${Math.floor(seconds)} s ago`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min ago`
    : seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago`
    : new Date(text).toLocaleDateString();
}

export const goalName = (goal: Goal) => goal.name ?? `Goal ${goal.goalId}`;

/** An event as a person would tell it. */
export function tell(event: SentEvent, state: State): string {
  const { fields } = event;
  switch (event.type) {
    case "experiment":
      return `Saw ${event.variation ?? `variation ${fields["variationId"]}`} of ${event.flag ?? `experiment ${fields["id"]}`}`;
    case "conversion": {
      const goal = state.goals.find(known => String(known.goalId) === fields["goalId"]);
      const revenue = Number(fields["revenue"] ?? 0);
      const what = goal === undefined ? `goal ${fields["goalId"]}` : goalName(goal);
      return `${fields["negative"] === "true" ? "Took back" : "Reached"} ${what}${revenue === 0 ? "" : `, ${money(revenue)}`}`;
    }
    case "page":
      return fields["title"] ? `Page “${fields["title"]}”, ${path(fields["href"])}` : `Page ${path(fields["href"])}`;
    case "customData":
      return `Custom data ${fields["index"]}: ${keys(fields["valuesCountMap"])}${fields["mappingIdentifier"] === "true" ? ", who the visitor is" : ""}`;
    case "staticData":
      return ["browser", "browserVersion", "os", "deviceType"].map(name => fields[name]).filter(Boolean).join(" ") || "Static data";
    case "targetingSegment":
      return `Belongs to segment ${fields["id"]}`;
    case "geolocation":
      return [fields["city"], fields["region"], fields["country"]].filter(Boolean).join(", ") || "Geolocation";
    case "personalization":
      return `Personalization ${fields["id"]}${fields["unexpositionCause"] ? `, not shown: ${fields["unexpositionCause"]}` : ""}`;
    case "activity":
      return "Is still there";
    default:
      return event.type;
  }
}

function path(href: string | undefined): string {
  try {
    const url = new URL(href ?? "");
    return url.pathname + url.search;
  } catch {
    return href ?? "";
  }
}

function keys(json: string | undefined): string {
  try {
    return Object.keys(JSON.parse(json ?? "{}")).join(", ") || "nothing";
  } catch {
    return json ?? "";
  }
}
