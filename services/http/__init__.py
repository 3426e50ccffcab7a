"""The edge to browsers and other programs: routes by area; ``problems`` is the only place with failure status codes."""
