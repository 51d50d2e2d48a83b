import type { Engine } from "../engine";
import { sha256 } from "../execution/hash";
import { selectAll } from "../page/elements";
import { attempt } from "../page/journal";
import type { Api } from "./stubs";

type Listener = (event: Event) => void;

export function createUtilsApi({ context: { scope } }: Engine): Api {
  return {
    Utils: {
      querySelectorAll: selectAll,
      addEventListener: (target: EventTarget, type: string, listener: Listener) => scope.listen(target, type, listener),
      addUniversalClickListener: (target: EventTarget, listener: Listener) => scope.listen(target, "click", listener),
      setTimeout: (callback: () => void, ms = 0) => {
        const timer = setTimeout(() => {
          stop();
          attempt("a timer", callback);
        }, ms);
        const stop = scope.add(() => clearTimeout(timer));
        return timer;
      },
      setInterval: (callback: () => void, ms = 0) => {
        const timer = setInterval(() => attempt("a timer", callback), ms);
        scope.add(() => clearInterval(timer));
        return timer;
      },
      clearTimeout: (timer: number) => clearTimeout(timer),
      clearInterval: (timer: number) => clearInterval(timer),
      getURLParameters: () => Object.fromEntries(new URLSearchParams(location.search)),
      createHash: (text: unknown) => (sha256(String(text))[0] ?? 0) >>> 0,
      performRequest: (url: string, onSuccess?: (text: string) => void, onError?: (error: unknown) => void) => {
        fetch(url)
          .then((response) => (response.ok ? response.text() : Promise.reject(new Error(String(response.status)))))
          .then((text) => attempt("a callback of Utils.performRequest", () => onSuccess?.(text)))
          .catch((error: unknown) => attempt("a callback of Utils.performRequest", () => onError?.(error)));
      },
    },
  };
}
