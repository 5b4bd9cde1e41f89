"""AES in CBC mode through OpenSSL's EVP functions. Padding is the caller's, as in the library of this name."""

import ctypes
import ssl  # loads the library before it is looked for by its name
from types import ModuleType

from cryptography.hazmat.primitives.ciphers import algorithms, modes

__all__ = ["Cipher", "algorithms", "modes"]

_BLOCK = 16


class Cipher:
    def __init__(self, algorithm: algorithms.AES, mode: modes.CBC, backend: None = None) -> None:
        self._key = bytes(algorithm.key)
        self._start = bytes(mode.initialization_vector)

    def encryptor(self) -> "_Direction":
        return _Direction(self._key, self._start, encrypting=True)

    def decryptor(self) -> "_Direction":
        return _Direction(self._key, self._start, encrypting=False)


class _Direction:
    """One message, in one direction. Raises ValueError for one that is not made of whole blocks."""

    def __init__(self, key: bytes, start: bytes, *, encrypting: bool) -> None:
        self._library = _openssl(ssl)
        cipher = getattr(self._library, f"EVP_aes_{len(key) * 8}_cbc")
        cipher.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._library.EVP_CIPHER_CTX_new())
        self._ask("EVP_CipherInit_ex", ctypes.c_void_p(cipher()), None, key, start, int(encrypting))
        self._ask("EVP_CIPHER_CTX_set_padding", 0)

    def update(self, data: bytes) -> bytes:
        out = ctypes.create_string_buffer(len(data) + _BLOCK)
        length = ctypes.c_int()
        self._ask("EVP_CipherUpdate", out, ctypes.byref(length), data, len(data))
        return out.raw[: length.value]

    def finalize(self) -> bytes:
        out = ctypes.create_string_buffer(_BLOCK)
        length = ctypes.c_int()
        self._ask("EVP_CipherFinal_ex", out, ctypes.byref(length))
        return out.raw[: length.value]

    def _ask(self, function: str, *arguments: object) -> None:
        if getattr(self._library, function)(self._context, *arguments) != 1:
            raise ValueError("The length of the provided data is not a multiple of the block length.")

    def __del__(self) -> None:
        self._library.EVP_CIPHER_CTX_free(self._context)


def _openssl(python: ModuleType) -> ctypes.CDLL:
    library = ctypes.CDLL(f"libcrypto.so.{python.OPENSSL_VERSION_INFO[0]}")
    library.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
    return library
