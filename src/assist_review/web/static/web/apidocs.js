"use strict";
window.ui = SwaggerUIBundle({
  url: document.getElementById("swagger").dataset.url, dom_id: "#swagger", deepLinking: true, persistAuthorization: false,
});
