"""The contract of PersistenceBackend, the same for every backend: a file for each of the small ones it is made of."""
