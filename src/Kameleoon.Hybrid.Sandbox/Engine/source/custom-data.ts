import { announce } from "./announce";
import type { CustomDatum } from "./configuration";
import { toId } from "./ids";
import { warnOnce } from "./journal";
import type { Transport } from "./transport";

const MAX_VALUE = 1000;

/** Reports custom data; without a list of custom data any index is taken. */
export class CustomData {
  constructor(private readonly known: readonly CustomDatum[], private readonly transport: Transport) {}

  set(nameOrIndex: unknown, values: unknown, overwrite: unknown): void {
    const datum = this.find(nameOrIndex);
    if (datum === undefined) {
      warnOnce(`custom data ${String(nameOrIndex)} is not declared; its values are ignored.`);
      return;
    }

    const texts = [values].flat().map((value) => String(value).slice(0, MAX_VALUE));
    this.transport.add("customData", {
      index: datum.index,
      overwrite: typeof overwrite === "boolean" ? overwrite : overwritesByDefault(datum),
      valuesCountMap: Object.fromEntries(texts.map((text) => [text, 1])),
      mappingIdentifier: false,
    });
    announce("CustomDataSet", { name: datum.name, value: values });
  }

  private find(nameOrIndex: unknown): CustomDatum | undefined {
    const index = toId(nameOrIndex);
    if (this.known.length === 0) {
      return index === undefined ? undefined : { index, name: String(index) };
    }

    return this.known.find((datum) => datum.index === index || datum.name === nameOrIndex);
  }
}

// Lists grow, and what is true of a page is not true of the next one.
function overwritesByDefault({ type, scope }: CustomDatum): boolean {
  return type !== "LIST" && type !== "COUNT_LIST" && scope !== "PAGE";
}
