// The first 64 primes give both tables: SHA-256 takes the fractions of their roots.
const PRIMES: number[] = [];
for (let candidate = 2; PRIMES.length < 64; candidate++) {
  if (PRIMES.every((prime) => candidate % prime !== 0)) {
    PRIMES[PRIMES.length] = candidate;
  }
}

const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0;
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** SHA-256 as eight words; the browser's own is asynchronous, and a page cannot wait to know its variation. */
export function sha256(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const padded = new DataView(new ArrayBuffer(blocks * 64));
  bytes.forEach((byte, i) => padded.setUint8(i, byte));
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(blocks * 64 - 4, bytes.length * 8);

  let state = START;
  const words: number[] = [];
  for (let block = 0; block < blocks; block++) {
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      words[i] = i < 16 ? padded.getInt32(block * 64 + i * 4) : expand(words, i);
      const choice = (e & f) ^ (~e & g);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const first =
        h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + (ROUNDS[i] ?? 0) + (words[i] ?? 0);
      const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }

    state = [a, b, c, d, e, f, g, h].map((word, i) => (word + (state[i] ?? 0)) | 0);
  }

  return state;
}

/** Where a visitor stands on the unit interval for one campaign, as the SDKs compute it. */
export function bucketOf(visitorCode: string, id: number, respoolTime: number | null | undefined): number {
  return sha256(`${visitorCode}${id}${respoolTime ? respoolTime : ""}`).reduceRight(
    (sum, word) => (sum + (word >>> 0)) / 2 ** 32,
    0,
  );
}

function expand(words: readonly number[], i: number): number {
  const near = words[i - 2] ?? 0;
  const far = words[i - 15] ?? 0;
  const one = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
  const other = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
  return (one + (words[i - 7] ?? 0) + other + (words[i - 16] ?? 0)) | 0;
}
