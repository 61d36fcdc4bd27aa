INSERT INTO events (id, at) SELECT n, '2026-01-10Z' FROM generate_series(1, 10) n;
