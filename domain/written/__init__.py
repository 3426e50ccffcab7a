"""Numbers and days as people write them: one reader for every file and every field; two readings are told, not one."""
