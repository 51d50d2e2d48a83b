import type { Context } from "../context";

/**
 * Calls back when a single-page application shows another view: when its address changed, without the parts that the
 * project ignores.
 */
export function watchAddress({ scope, configuration }: Context, onChange: (previous: string) => void): void {
  const opened = location.href;
  const view = viewOf(opened);
  let isOver = false;
  function viewOf(address: string): string {
    const { ignoreHash, ignoreParameters } = configuration.spa;
    const [beforeHash, hash] = address.split(/#(.*)/s) as [string, string?];
    const path = ignoreParameters ? beforeHash.replace(/\?.*/s, "") : beforeHash;
    return ignoreHash || hash === undefined ? path : `${path}#${hash}`;
  }

  const compare = () => {
    if (!isOver && location.href !== opened && viewOf(location.href) !== view) {
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
