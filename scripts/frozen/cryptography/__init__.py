"""The one cipher that the keyring of Linux asks for, from the OpenSSL of Python; see README.txt beside this."""
