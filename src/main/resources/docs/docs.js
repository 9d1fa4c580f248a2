// Displays openapi.yaml. Keys stay in the memory of the page, and are gone when it is closed.
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
    // No external service validates the document; `OpenApiTest` does.
    validatorUrl: null
});
