// Shows openapi.yaml. Keys stay in the page's memory and are gone when it is closed.
window.ui = SwaggerUIBundle({
    url: 'openapi.yaml',
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    defaultModelExpandDepth: 5,
    defaultModelRendering: 'example',
    displayRequestDuration: true,
    persistAuthorization: false,
    // Nobody outside is asked whether the document is valid: a test of ours does.
    validatorUrl: null
});
