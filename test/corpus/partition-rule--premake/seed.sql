INSERT INTO events SELECT n, '2026-01-15', 'x' FROM generate_series(1, 30) n;
