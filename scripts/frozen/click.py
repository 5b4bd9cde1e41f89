"""Flask names it for the command line of its own server, which nobody starts; see README.txt beside this."""
