"""Parts of pages with callbacks of their own."""
