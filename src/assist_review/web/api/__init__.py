"""The interface for programs under /api/v1; its description is at /api/docs and /api/v1/openapi.json."""
