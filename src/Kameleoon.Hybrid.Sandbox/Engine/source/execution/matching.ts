import type { Condition, ConditionTree } from "../configuration";
import { warnOnce } from "../page/journal";

/** Undefined: it may become true while the page lives. */
export type Verdict = boolean | undefined;

/** Folds a tree of conditions as the SDKs of servers do, which is neither left to right nor by precedence. */
export function evaluateTree(tree: ConditionTree | null | undefined, test: (condition: Condition) => Verdict): Verdict {
  const groups = (tree?.firstLevel ?? []).map((group) =>
    fold((group.conditions ?? []).map(test), group.orOperators ?? []),
  );
  return fold(groups, tree?.firstLevelOrOperators ?? []);
}

function fold(values: readonly Verdict[], isOr: readonly boolean[]): Verdict {
  const [first, second, ...rest] = values;
  if (values.length < 2) {
    return values.length === 0 ? true : first;
  }

  if (isOr[0]) {
    return or(first, fold(values.slice(1), isOr.slice(1)));
  }

  const both = and(first, second);
  if (rest.length === 0) {
    return both;
  }

  return (isOr[1] ? or : and)(both, fold(rest, isOr.slice(2)));
}

function and(one: Verdict, other: Verdict): Verdict {
  return one === false || other === false ? false : one === undefined || other === undefined ? undefined : true;
}

function or(one: Verdict, other: Verdict): Verdict {
  return one || other ? true : one === undefined || other === undefined ? undefined : false;
}

export function matchText(actual: string, operator: unknown, expected: unknown): boolean {
  const text = String(expected ?? "");
  switch (operator) {
    case "EXACT":
      return actual === text;
    case "CONTAINS":
      return actual.includes(text);
    case "REGULAR_EXPRESSION":
      try {
        return new RegExp(text).test(actual);
      } catch {
        warnOnce(`${text} is not a regular expression.`);
        return false;
      }
    default:
      return false;
  }
}

export function matchNumber(actual: number, operator: unknown, expected: unknown): boolean {
  const number = Number(expected);
  return (
    (operator === "EQUAL" && actual === number) ||
    (operator === "GREATER" && actual > number) ||
    (operator === "LOWER" && actual < number)
  );
}
