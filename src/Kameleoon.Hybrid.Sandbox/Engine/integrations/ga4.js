Kameleoon.API.Core.runWhenConditionTrue(
  () => window.gtag || window.dataLayer,
  () => {
    const event = isExperiment ? "Kameleoon Experiment" : "Kameleoon Personalization";
    if (window.gtag) {
      window.gtag("event", event, {
        ...(settings.sendTo ? { send_to: settings.sendTo } : {}),
        experiment_variation: `${id} - ${name} - ${variationId} - ${variationName}`,
        event_timeout: 2000,
      });
    } else {
      window.dataLayer.push({
        event,
        campaign_id: id,
        campaign_name: name,
        variation_id: variationId,
        variation_name: variationName,
      });
    }
  },
  150,
);
