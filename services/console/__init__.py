"""What all pages share: how a visit is answered, templates and words of every page, the browser's files."""
