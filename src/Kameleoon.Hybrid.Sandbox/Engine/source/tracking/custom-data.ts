import { type CustomDatum, UNDECLARED } from "../configuration";
import type { Context } from "../context";
import { announce } from "../page/announce";
import { toId } from "../page/ids";
import { warnOnce } from "../page/journal";
import { cutText } from "../page/text";
import type { Counts } from "./visit";

const MAX_VALUE = 1000;

/** Returns the identifier that the visitor has on every device; undefined when none was set in this browser. */
export function mappingValue({ configuration, visits }: Context): string | undefined {
  const datum = configuration.customData.find((one) => one.isMappingIdentifier);
  return (
    datum && Object.keys(visits.lasting.customData[datum.index] ?? visits.current.customData[datum.index] ?? {})[0]
  );
}

/** Keeps and reports custom data. Where the project lists no custom data, every index is accepted. */
export class CustomData {
  /** Values of the scope PAGE. */
  private page: Record<number, Counts> = {};

  constructor(private readonly context: Context) {}

  set(nameOrIndex: unknown, values: unknown, overwrite: unknown): void {
    const datum = this.find(nameOrIndex);
    if (datum === undefined) {
      warnOnce(`custom data ${String(nameOrIndex)} is not declared; it is ignored.`);
      return;
    }

    const texts = [values].flat().map((value) => cutText(value, MAX_VALUE));
    const replaces = typeof overwrite === "boolean" ? overwrite : overwritesByDefault(datum);
    const counts = Object.fromEntries(texts.map((text) => [text, 1]));
    this.note(datum, counts, replaces);
    if (!datum.localOnly) {
      this.context.track("customData", {
        index: datum.index,
        overwrite: replaces,
        valuesCountMap: counts,
        mappingIdentifier: datum.isMappingIdentifier === true,
      });
    }

    announce("CustomDataSet", { name: datum.name, value: values });
    this.context.reevaluate();
  }

  reset(nameOrIndex: unknown): void {
    this.set(nameOrIndex, [], true);
  }

  /** The values noted under an index: on this page, in this visit, or for good. */
  valuesOf(index: number): string[] | undefined {
    const counts = this.all()[index];
    return counts && Object.keys(counts);
  }

  /** By name, as pages read them; without values of a visit, those that hold now. */
  byName(values: Record<number, Counts> = this.all()): Record<string, string[]> {
    const { customData } = this.context.configuration;
    const named = Object.entries(values).map(([index, counts]): [string, string[]] => [
      customData.find((one) => one.index === Number(index))?.name ?? index,
      Object.keys(counts),
    ]);
    return Object.fromEntries(named);
  }

  forgetPage(): void {
    this.page = {};
  }

  private all(): Record<number, Counts> {
    const { visits } = this.context;
    return { ...visits.lasting.customData, ...visits.current.customData, ...this.page };
  }

  private note(datum: CustomDatum, counts: Counts, replaces: boolean): void {
    const { visits } = this.context;
    this.context.beginIfOver();
    const kept =
      datum["scope"] === "PAGE"
        ? this.page
        : datum["scope"] === "VISITOR"
          ? visits.lasting.customData
          : visits.current.customData;
    const merged: Counts = replaces ? {} : { ...kept[datum.index] };
    Object.entries(counts).forEach(([text, count]) => (merged[text] = (merged[text] ?? 0) + count));
    kept[datum.index] = merged;
    visits.touch();
  }

  private find(nameOrIndex: unknown): CustomDatum | undefined {
    const known = this.context.configuration.customData;
    const index = toId(nameOrIndex);
    if (known === UNDECLARED) {
      return index === undefined ? undefined : { index, name: String(index) };
    }

    return known.find((datum) => datum.index === index || datum.name === nameOrIndex);
  }
}

// Lists grow, and what is true of a page is not true of the next one.
function overwritesByDefault({ type, "scope": scope }: CustomDatum): boolean {
  return type !== "LIST" && type !== "COUNT_LIST" && scope !== "PAGE";
}
