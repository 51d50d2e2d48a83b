import type { Configuration } from "../configuration";
import { readCookies, writeCookie } from "../page/cookie";
import { warnOnce } from "../page/journal";
import { mintVisitorCode } from "../page/random";
import type { Store } from "../page/store";
import type { Consent } from "./consent";

const NAME = "kameleoonVisitorCode";

/** The visitor's code: who gives it, and where it is kept. */
export class Visitor {
  /** Undefined until tracking starts. */
  code: string | undefined;
  /** Whether the code was made up just now. */
  isMinted = false;
  private predefined: string | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly store: Store,
    private readonly consent: Consent,
  ) {}

  /** Imposes the code the next start will use. */
  predefine(code: string): void {
    this.predefined = code;
  }

  /** The codes under which this visitor may be known, before one is chosen. */
  candidates(): string[] {
    return [this.predefined, this.local(), ...readableCodes()].filter(isVisitorCode);
  }

  /**
   * Settles the code: imposed by the page, else that of the stored visits where consent is missing, else local storage
   * where it counts, else the cookie, else the one this page already uses, else a new one. `onReplaced` is called when
   * an imposed code takes the place of `known`, before anything else is stored.
   */
  resolve(known: string | undefined, onReplaced: (code: string) => void): string {
    const [cookie] = readableCodes();
    const { predefined } = this;
    const found = this.local() ?? cookie;
    const previous = known ?? found;
    if (predefined !== undefined && previous !== undefined && predefined !== previous) {
      onReplaced(predefined);
    }

    // Nothing may be written now, so nothing is dropped either.
    const kept = this.consent.isOpen ? undefined : known;
    const given = predefined ?? kept ?? found ?? this.code;
    this.isMinted = given === undefined;
    this.predefined = undefined;
    const code = given ?? mintVisitorCode();
    this.adopt(code);
    return code;
  }

  /** Makes `code` the current one; a readable cookie that already holds it, the server's, stays as it is. */
  adopt(code: string): void {
    this.code = code;
    this.keep();
  }

  /** Writes the code where it belongs, once the visitor allows it. */
  keep(): void {
    const { code } = this;
    if (code === undefined || !this.consent.isOpen) {
      return;
    }

    if (this.usesLocal && this.local() !== code) {
      this.store.write(NAME, code, this.configuration.cookie.days);
    }

    // Of several cookies the first is the one that servers read.
    const codes = readableCodes();
    if (this.usesLocal ? codes[0] === code : codes.includes(code)) {
      return;
    }

    writeCookie(NAME, code, this.configuration.cookie);
    if (!readableCodes().includes(code)) {
      warnOnce("the visitor code cookie cannot be written; is it HttpOnly, or are cookies refused?");
    }
  }

  private get usesLocal(): boolean {
    return this.configuration.visitorCodeInLocalStorage || this.configuration.unify.enabled === true;
  }

  private local(): string | undefined {
    const code = this.usesLocal ? this.store.read(NAME) : undefined;
    return isVisitorCode(code) ? code : undefined;
  }
}

/** Text from a cookie or from the page is used only when it is 1 to 255 printable characters safe in a cookie. */
export function isVisitorCode(text: unknown): text is string {
  return typeof text === "string" && /^[!-~]{1,255}$/.test(text) && !/[;,"'<]/.test(text);
}

export function readableCodes(): string[] {
  const codes = readCookies(NAME).filter(isVisitorCode);
  if (new Set(codes).size > 1) {
    warnOnce("DUPLICATE_VISITOR_CODE: several cookies hold different visitor codes; the first one counts.");
  }

  return codes;
}
