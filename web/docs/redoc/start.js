/* global Redoc */
Redoc.init('/api/openapi.json', { hideDownloadButton: true, hideHostname: true }, document.getElementById('api'));
