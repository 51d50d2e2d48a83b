const tracker = settings.object ?? "s";
const variable = `eVar${settings.eVar ?? 123}`;
Kameleoon.API.Core.runWhenConditionTrue(
  () => window[tracker],
  () => {
    const adobe = window[tracker];
    adobe.linkTrackVars = variable;
    adobe[variable] = `${name} (${id}) / ${variationName} (${variationId})`;
    adobe.tl(true, "o", "Kameleoon Tracking");
  },
  150,
);
