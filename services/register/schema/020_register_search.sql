-- A search is over before a compiled plan or a second worker would have begun.
ALTER FUNCTION view.dwellings_holding SET jit = off;
ALTER FUNCTION view.dwellings_holding SET max_parallel_workers_per_gather = 0;
