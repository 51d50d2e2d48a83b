Kameleoon.API.Core.runWhenConditionTrue(
  () => window._uxa,
  () => {
    const key = `${isExperiment ? "AB" : "PERSO"}_Kameleoon_${id}`;
    const track = (variable, value) => window._uxa.push(["trackDynamicVariable", { key: variable, value }]);
    track(key, variationId === 0 ? "reference" : String(variationId));
    track(`${key}_name`, `${name} / ${variationName}`);
  },
  150,
);
