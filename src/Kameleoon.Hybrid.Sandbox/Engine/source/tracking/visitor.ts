import type { Configuration } from "../configuration";
import { readCookies, writeCookie } from "../page/cookie";
import { warnOnce } from "../page/journal";
import { mintVisitorCode } from "../page/random";
import type { Store } from "../page/store";
import type { Consent } from "./consent";

const NAME = "kameleoonVisitorCode";

/** The visitor's code, from cookie, local storage or page, and where it is kept. */
export class Visitor {
  /** Undefined until tracking starts. */
  code: string | undefined;
  /** Whether a script writes the cookie: the code is new, or the cookie did not hold it. */
  isMinted = false;
  private predefined: string | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly store: Store,
    private readonly consent: Consent,
  ) {}

  /** Sets the code that the next start uses. */
  predefine(code: string): void {
    this.predefined = code;
  }

  /** The codes of all readable cookies. */
  readonly readable = readableCodes;

  /** Takes over the code of another domain, unless the page sets one. */
  receive(code: string): void {
    this.predefined ??= code;
  }

  /** The codes under which this visitor may be known, before one is chosen. */
  candidates(): string[] {
    return [this.predefined, this.local(), ...readableCodes()].filter(isVisitorCode);
  }

  /**
   * Determines the code: the one that the page sets, else that of the stored visits where consent is missing, else that
   * of the cookie or of local storage, else the one that this page already uses, else a new one. Where both hold a code,
   * the cookie wins, unless the project says that local storage does. `onReplaced` is called when a code that the page
   * sets replaces `known`, before anything else is stored.
   */
  resolve(known: string | undefined, onReplaced: (code: string) => void): string {
    const [cookie] = readableCodes();
    const { predefined } = this;
    const found = this.isLocalFirst ? (this.local() ?? cookie) : (cookie ?? this.local());
    const previous = known ?? found;
    if (predefined !== undefined && previous !== undefined && predefined !== previous) {
      onReplaced(predefined);
    }

    // Nothing may be written now, so nothing is dropped either.
    const kept = this.consent.isOpen ? undefined : known;
    const given = predefined ?? kept ?? found ?? this.code;
    this.predefined = undefined;
    const code = given ?? mintVisitorCode();
    this.isMinted = code !== cookie;
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

    if (this.keepsLocal && this.local() !== code) {
      this.store.write(NAME, code, this.configuration.cookie.days);
    }

    // Of several cookies the first is the one that servers read.
    const codes = readableCodes();
    if (this.isLocalFirst ? codes[0] === code : codes.includes(code)) {
      return;
    }

    writeCookie(NAME, code, this.configuration.cookie);
    if (!readableCodes().includes(code)) {
      warnOnce("the visitor code cookie cannot be written. Is it HttpOnly?");
    }
  }

  /** Whether local storage wins over a cookie with another code. */
  private get isLocalFirst(): boolean {
    const { visitorCodeInLocalStorage, unify, crossDomains } = this.configuration;
    return visitorCodeInLocalStorage === true || unify.enabled === true || crossDomains.length > 0;
  }

  private get keepsLocal(): boolean {
    return this.configuration.visitorCodeInLocalStorage !== false || this.isLocalFirst;
  }

  private local(): string | undefined {
    const code = this.keepsLocal ? this.store.read(NAME) : undefined;
    return isVisitorCode(code) ? code : undefined;
  }
}

/**
 * Whether a text from a cookie, from storage or from the page may be a visitor code: 1 to 255 printable ASCII characters
 * without quotes, angle brackets, comma, semicolon and backslash. The server accepts the same characters.
 */
export function isVisitorCode(text: unknown): text is string {
  return typeof text === "string" && /^[!-~]{1,255}$/.test(text) && !/["',;<>\\]/.test(text);
}

/** The codes of all readable cookies, in the browser's order. */
export function readableCodes(): string[] {
  const codes = readCookies(NAME).filter(isVisitorCode);
  if (new Set(codes).size > 1) {
    warnOnce("DUPLICATE_VISITOR_CODE: cookies differ; the first one counts.");
  }

  return codes;
}
