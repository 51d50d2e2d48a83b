import { type CookieOptions, readCookies, writeCookie } from "./cookie";
import { warnOnce } from "./journal";
import { mintVisitorCode } from "./random";

const COOKIE = "kameleoonVisitorCode";

/** The visitor's code: who gives it, and where it is kept. */
export class Visitor {
  /** Undefined until tracking starts. */
  code: string | undefined;
  private predefined: string | undefined;

  constructor(private readonly cookie: CookieOptions) {}

  /** Imposes the code the next start will use. */
  predefine(code: string): void {
    this.predefined = code;
  }

  /**
   * Settles the code: imposed by the page, else the cookie, else the one this page already uses, else a new one.
   * `onReplaced` is called when an imposed code takes the place of `known`, before anything else is stored.
   */
  resolve(known: string | undefined, onReplaced: (code: string) => void): string {
    const [cookie] = readableCodes();
    const previous = known ?? cookie;
    if (this.predefined !== undefined && previous !== undefined && this.predefined !== previous) {
      onReplaced(this.predefined);
    }

    const code = this.predefined ?? cookie ?? this.code ?? mintVisitorCode();
    this.predefined = undefined;
    this.adopt(code);
    return code;
  }

  /** Makes `code` the current one; a readable cookie that already holds it, the server's, stays as it is. */
  adopt(code: string): void {
    this.code = code;
    if (readableCodes().includes(code)) {
      return;
    }

    writeCookie(COOKIE, code, this.cookie);
    if (!readableCodes().includes(code)) {
      warnOnce("the visitor code cookie cannot be written; is it HttpOnly, or are cookies refused?");
    }
  }
}

/** Text from a cookie or from the page is used only when it is 1 to 255 printable characters safe in a cookie. */
export function isVisitorCode(text: unknown): text is string {
  return typeof text === "string" && /^[!-~]{1,255}$/.test(text) && !/[;,"'<]/.test(text);
}

function readableCodes(): string[] {
  const codes = readCookies(COOKIE).filter(isVisitorCode);
  if (new Set(codes).size > 1) {
    warnOnce("DUPLICATE_VISITOR_CODE: several cookies hold different visitor codes; the first one counts.");
  }

  return codes;
}
