import type { Context } from "../context";
import { announceStep } from "../page/announce";
import { toJson } from "../page/json";
import type { Scope } from "../page/scope";

declare global {
  interface Window {
    kameleoonIframeURL?: string;
    kameleoonIframeOrigin?: string;
    kameleoonExternalIFrameLoaded?: boolean;
    kameleoonExternalIFrameLoadedData?: unknown;
  }
}

const FRAME_ID = "kameleoonExternalIframe";
const PATIENCE_MS = 2000;

/** Makes the store the one all hosts of the site share, through a frame; undefined where there is nothing to wait for. */
export function shareStorage({ configuration, store }: Context, page: Scope): Promise<void> | undefined {
  const url = configuration.unify.frameUrl ?? window.kameleoonIframeURL;
  // A page whose tag brings the frame has asked for it, unless the project says no.
  configuration.unify.enabled ??= window.kameleoonIframeURL !== undefined;
  if (!configuration.unify.enabled || url === undefined || store.isShared) {
    return undefined;
  }

  const origin = new URL(configuration.unify.frameOrigin ?? url, location.href).origin;
  if (origin === location.origin) {
    return undefined; // This host's own storage is the shared one.
  }

  return new Promise((resolve) => {
    // Who went on has a history of their own by now; an answer that comes later would be overwritten with it.
    let isOver = false;
    const stop = page.after(PATIENCE_MS, () => {
      isOver = true;
      announceStep("unify/timeout");
      resolve();
    });
    const frame = findFrame() ?? createFrame(url, () => ask("read", null, null));
    const ask = (type: string, key: string | null, data: string | null): void =>
      frame.contentWindow?.postMessage(
        toJson({ kameleoonMessage: true, type, key, data, callbackId: 0 }),
        origin,
      );
    const accept = (data: unknown): void => {
      if (!isOver && typeof data === "object" && data !== null) {
        stop();
        const entries = Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === "string");
        store.share(new Map(entries), (key, text) => ask(text === null ? "remove" : "write", key, text));
        resolve();
      }
    };

    if (window.kameleoonExternalIFrameLoaded === true) {
      accept(window.kameleoonExternalIFrameLoadedData);
      return;
    }

    page.listen(window, "message", (event) => {
      const { origin: from, source, data } = event as MessageEvent;
      if (from === origin && source === frame.contentWindow) {
        const message = parse(data);
        accept(message?.kameleoonMessage === true ? message.data : undefined);
      }
    });
  });
}

function findFrame(): HTMLIFrameElement | null {
  return document.querySelector<HTMLIFrameElement>(`#${FRAME_ID}`);
}

function createFrame(url: string, onLoad: () => void): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.id = FRAME_ID;
  frame.hidden = true;
  frame.onload = onLoad;
  frame.src = url;
  document.documentElement.append(frame);
  return frame;
}

function parse(text: unknown): { kameleoonMessage?: unknown; data?: unknown } | null {
  try {
    return JSON.parse(String(text)) as { kameleoonMessage?: unknown; data?: unknown } | null;
  } catch {
    return null; // A message of another sender.
  }
}
