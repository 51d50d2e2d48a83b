import type { Configuration } from "../configuration";
import { warn } from "../page/journal";
import type { Store } from "../page/store";

const KEY = "kameleoonLegalConsent";
const SDK_KEY = "kameleoonConsentData";
const DAYS = 365;

export type Module = "AB_TESTING" | "PERSONALIZATION";
export type Verdict = "send" | "hold" | "drop";

/** The answers: products count as the other modules do while they have none of their own. */
type States = Record<Module, boolean | null> & { PRODUCT_RECOMMENDATION?: boolean | undefined };

const POLICY = { AB_TESTING: "abTesting", PERSONALIZATION: "personalization" } as const;

/** What the visitor allowed, per module: yes, no, or not said yet. */
export class Consent {
  states: States = { AB_TESTING: null, PERSONALIZATION: null };

  constructor(
    private readonly configuration: Configuration,
    private readonly store: Store,
    private readonly tab: Store,
  ) {}

  /** Reads what was said before, here or to the JavaScript SDK under one of `codes`. */
  load(codes: readonly string[]): void {
    this.states = { AB_TESTING: null, PERSONALIZATION: null, ...(this.store.read(KEY) as Partial<States> | undefined) };
    if (!this.states.AB_TESTING && this.wasGivenToSdk(codes)) {
      this.states.AB_TESTING = true;
    }

    this.apply();
  }

  state(module: Module): boolean | null {
    return this.states[module];
  }

  /** Whether the module may do everything; a refusal counts even where consent is not required. */
  isGranted(module: Module): boolean {
    const state = this.states[module];
    return state ?? this.configuration["consent"][POLICY[module]] !== "REQUIRED";
  }

  /** Whether anything may leave this page and be kept in the browser. */
  get isOpen(): boolean {
    return this.isGranted("AB_TESTING") || this.states.PERSONALIZATION === true;
  }

  /** Whether the engine may ask for more than its own files. */
  get mayRequest(): boolean {
    return this.isOpen || !this.configuration["consent"].requestsAfterConsent;
  }

  /** What happens to an event of that type. */
  judge(type: string): Verdict {
    const { PRODUCT_RECOMMENDATION: products } = this.states;
    if (type === "product" && products !== undefined) {
      return products ? "send" : "drop";
    }

    const module = type === "experiment" ? "AB_TESTING" : type === "personalization" ? "PERSONALIZATION" : undefined;
    if (this.isOpen && (module === undefined || this.isGranted(module))) {
      return "send";
    }

    return this.states[module ?? "AB_TESTING"] === false ? "drop" : "hold";
  }

  /** Whether a campaign of the module may run. */
  permits(module: Module, tags: readonly string[] = []): boolean {
    if (this.isGranted(module)) {
      return true;
    }

    const { unknown, denied } = this.configuration["consent"];
    const policy = (this.states[module] === null ? unknown : denied)[POLICY[module]];
    return policy === "ALL" || ((policy === "PARTIALLY" || policy === "RUN") && tags.includes("TECHNICAL"));
  }

  /** Notes an answer for one module, or for all of them with BOTH; the store follows. */
  set(module: unknown, value: boolean): boolean {
    if (module === "BOTH") {
      this.states = { AB_TESTING: value, PERSONALIZATION: value };
    } else if (module === "AB_TESTING" || module === "PERSONALIZATION" || module === "PRODUCT_RECOMMENDATION") {
      this.states[module] = value;
    } else {
      warn("the module of a consent is unknown; it is ignored.", module);
      return false;
    }

    this.store.write(KEY, this.states, DAYS, true);
    this.apply();
    return true;
  }

  private apply(): void {
    for (const store of [this.store, this.tab]) {
      if (this.isOpen) {
        store.release();
      } else {
        store.hold();
      }
    }
  }

  private wasGivenToSdk(codes: readonly string[]): boolean {
    try {
      const data = JSON.parse(this.store.get(SDK_KEY) ?? "{}") as Record<string, unknown>;
      return codes.some((code) => isYes(data[code]));
    } catch {
      return false;
    }
  }
}

const isYes = (value: unknown): boolean =>
  value === true || (typeof value === "object" && value !== null && Object.values(value).some(isYes));
