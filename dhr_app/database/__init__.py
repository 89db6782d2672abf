"""The memory: what is kept, sealed or in clear, and the record of who changed or opened it."""
