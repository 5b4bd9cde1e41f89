"""Files in: the exports of known trackers, successive exports, large files."""
