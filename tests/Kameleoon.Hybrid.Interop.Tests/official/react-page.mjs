// A page of the official React SDK: a component shows the variation that the SDK decides for the server's visitor.
import { KameleoonProvider, createClient, useFeatureFlag, useInitialize, useVisitorCode } from '@kameleoon/react-sdk';
import { createElement, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const track = new URLSearchParams(location.search).get('track') !== 'false';
const client = createClient({
  siteCode: 'abcde12345',
  configuration: { networkDomain: 'platform.test', trackingInterval: 100 },
});

function Checkout({ onShown }) {
  const { initialize } = useInitialize();
  const { getVisitorCode } = useVisitorCode();
  const { getVariation } = useFeatureFlag();
  const [variation, setVariation] = useState(null);
  useEffect(() => {
    initialize().then(() => {
      const visitorCode = getVisitorCode();
      const { key } = getVariation({ visitorCode, featureKey: 'checkout', track });
      setVariation(key);
      onShown({ visitorCode, variation: key });
    });
  }, []);
  return createElement('p', { id: 'variation' }, variation);
}

// What tests read.
window.client = client;
window.story = new Promise((onShown) => {
  const root = document.body.appendChild(document.createElement('main'));
  createRoot(root).render(createElement(KameleoonProvider, { client }, createElement(Checkout, { onShown })));
});
