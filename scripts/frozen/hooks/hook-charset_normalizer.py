"""In the place of PyInstaller's own hook, which looks for what the stand-in has not."""
