"use strict";

SwaggerUIBundle({
  url: "/api/schema/",
  dom_id: "#documentation",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  validatorUrl: null,
});
