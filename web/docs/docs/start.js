/* global SwaggerUIBundle */
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'none', // some hundred operations at once are no overview
  displayOperationId: true,
  filter: true,
  tryItOutEnabled: true,
  // No badge from a validator on the net.
  validatorUrl: null,
});
