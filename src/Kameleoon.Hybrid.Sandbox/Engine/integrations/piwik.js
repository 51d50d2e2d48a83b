Kameleoon.API.Core.runWhenConditionTrue(
  () => window._paq,
  () => {
    const [campaign, variation] = [`${id} - ${name}`, `${variationId} - ${variationName}`];
    window._paq.push(["setCustomDimensionValue", String(settings.dimension ?? 5), `${campaign} / ${variation}`]);
    window._paq.push(["trackEvent", "Kameleoon", campaign, variation]);
  },
  150,
);
