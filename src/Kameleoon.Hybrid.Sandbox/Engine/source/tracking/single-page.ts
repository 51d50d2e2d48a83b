import type { Context } from "../context";

/** Starts the engine again when a single-page application shows another address. */
export function watchAddress({ scope, configuration }: Context, onChange: (previous: string) => void): void {
  const opened = location.href;
  let isOver = false;
  const compare = () => {
    if (!isOver && location.href !== opened) {
      isOver = true;
      onChange(opened);
    }
  };
  scope.every(configuration.spa.pollMs, compare);
  scope.listen(window, "popstate", compare);
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation !== undefined) {
    scope.listen(navigation, "navigatesuccess", compare);
  }
}
