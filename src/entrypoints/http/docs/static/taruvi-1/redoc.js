"use strict";

const systemFont = { fontFamily: "system-ui, sans-serif" };

Redoc.init(
  "/api/schema/",
  {
    downloadFileName: "taruvi-openapi.json",
    scrollYOffset: ".bar",
    theme: {
      typography: {
        ...systemFont,
        headings: systemFont,
        code: { fontFamily: "ui-monospace, monospace" },
      },
    },
  },
  document.getElementById("documentation"),
);
