// Before the engine, where the project's sandbox is asked for it: tells the live page what the engine announces to the page.
(() => {
  const names = [
    "Loaded", "Aborted", "Started", "Internals", "LegalConsentUpdated", "ExperimentTriggered", "ExperimentActivated",
    "PersonalizationTriggered", "PersonalizationActivated",
  ];
  const address = __KAMELEOON_STEPS__;
  const waiting = [];

  // An onlooker must never be what breaks a page.
  const quietly = (action) => (...values) => {
    try {
      action(...values);
    } catch {
      waiting.length = 0;
    }
  };

  const send = quietly(() => {
    if (waiting.length > 0) {
      const code = window.Kameleoon?.Internals?.runtime?.visitorCode ?? "";
      navigator.sendBeacon(`${address}?visitorCode=${encodeURIComponent(code)}`, waiting.splice(0).join("\n"));
    }
  });

  const note = quietly(({ type: event, detail }) => {
    const { time, type, ...rest } = detail ?? {};
    const said = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : "";
    waiting.push(`${type ?? event.replace("Kameleoon::", "")}${said}`.slice(0, 300));
    if (waiting.length === 1) {
      setTimeout(send, 500);
    } else if (waiting.length >= 50) {
      send();
    }
  });

  for (const name of names) {
    addEventListener(`Kameleoon::${name}`, note);
  }

  addEventListener("pagehide", send);
})();
