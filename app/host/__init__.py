"""The process: its one instance per folder, its log, its local server and what guards it."""
