Kameleoon.API.Core.runWhenConditionTrue(
  () => window.analytics,
  () => {
    const campaign = isExperiment
      ? { experimentID: id, experimentName: name }
      : { personalizationID: id, personalizationName: name };
    const kind = isExperiment ? "Experiment" : "Personalization";
    window.analytics.track(`${kind} Viewed`, { ...campaign, variationId, variationName, nonInteraction: 1 });
    window.analytics.identify({ [kind]: `${name}:${variationName}` });
  },
  150,
);
