/* Placeholder: the browser engine takes this file's place. */
(function () {
  'use strict';
  window.Kameleoon = { Internals: { configuration: __KAMELEOON_CONFIGURATION__ } };
})();
