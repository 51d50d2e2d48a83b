Kameleoon.API.Core.runWhenConditionTrue(
  () => window.mixpanel,
  () =>
    window.mixpanel.track("$experiment_started", {
      "Experiment name": name,
      "Variant name": variationName,
      "Experiment id": id,
      "Variant id": variationId,
      $source: "kameleoon",
    }),
  150,
);
