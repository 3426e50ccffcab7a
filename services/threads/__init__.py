"""Work in the background, and waiting without holding up the event loop."""
