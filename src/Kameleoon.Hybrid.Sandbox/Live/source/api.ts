/** Reads JSON from the sandbox. */
export async function read<T>(address: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(await response.text());
  }

  return await response.json() as T;
}

/** Changes something; throws what the sandbox says against it. */
export async function change(method: string, address: string, body?: unknown): Promise<void> {
  const response = await fetch(address, {
    method,
    headers: { "X-Kameleoon-Sandbox": "1" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(await response.text() || `The sandbox answered ${response.status}.`);
  }
}
