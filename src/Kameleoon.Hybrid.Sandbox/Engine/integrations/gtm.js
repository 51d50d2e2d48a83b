Kameleoon.API.Core.runWhenConditionTrue(
  () => window.dataLayer,
  () =>
    window.dataLayer.push({
      event: "experience_impression",
      exp_variant_string: `KAM-${id}-${variationId}`,
      kam_campaign_id: id,
      kam_campaign_name: name,
      kam_variation_id: variationId,
      kam_variation_name: variationName,
    }),
  150,
);
