INSERT INTO items SELECT n, '2026-01-01' FROM generate_series(1, 50) n;
