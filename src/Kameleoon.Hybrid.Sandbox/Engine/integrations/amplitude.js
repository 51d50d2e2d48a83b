Kameleoon.API.Core.runWhenConditionTrue(
  () => typeof window.amplitude?.Identify === "function",
  () => {
    const { amplitude } = window;
    const identify = new amplitude.Identify();
    identify.set("KameleoonCampaignID", id);
    identify.set("KameleoonCampaignName", name);
    identify.set("KameleoonVariationID", variationId);
    identify.set("KameleoonVariationName", variationName);
    amplitude.identify(identify);
  },
  150,
);
