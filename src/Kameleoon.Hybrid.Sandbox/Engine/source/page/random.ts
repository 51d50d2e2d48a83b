const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const HEXADECIMAL = "0123456789ABCDEF";

/** A visitor code as every component of the platform mints it. */
export const mintVisitorCode = (): string => pick(LETTERS, 16);

/** Identifies one event; a line sent again keeps it, so that the platform can tell the copy. */
export const mintNonce = (): string => pick(HEXADECIMAL, 16);

export const mintTabId = (): string => pick(HEXADECIMAL, 8).toLowerCase();

function pick(alphabet: string, length: number): string {
  // Bytes beyond the last whole multiple are thrown away: keeping them would favour the first letters.
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < limit && text.length < length) {
        text += alphabet.charAt(byte % alphabet.length);
      }
    }
  }

  return text;
}
